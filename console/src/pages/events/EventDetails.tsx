import { Link, makeStyles, Subtitle1, tokens } from "@fluentui/react-components";
import { ArrowLeft16Regular } from "@fluentui/react-icons";
import { useEvent } from "../../api/queries";
import type { ServerEvent } from "../../api/types";
import { Answer } from "../../components/Answer";
import { Facts } from "../../components/Facts";
import { narrow } from "../../components/layout";
import { Lines } from "../../components/Lines";
import { SeverityMark } from "../../components/marks";
import { Remedy } from "../../components/Remedy";
import { formatTime } from "../../format";
import { placeOfEvent } from "../../places";
import { linkTo } from "../../routing";
import { texts } from "../../texts";

const useStyles = makeStyles({
  pane: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  back: { display: "none", [narrow]: { display: "inline-flex", alignItems: "center", columnGap: tokens.spacingHorizontalXS } },
  title: { margin: 0 },
  text: { overflowWrap: "anywhere", whiteSpace: "pre-line" },
});

export function EventDetails({ id, query }: { id: number; query: { severity: string; number: string } }) {
  const styles = useStyles();
  const event = useEvent(id);
  return (
    <div className={styles.pane}>
      <Link href={linkTo(["events"], query)} className={styles.back}>
        <ArrowLeft16Regular aria-hidden="true" /> {texts.events.back}
      </Link>
      <Subtitle1 as="h2" className={styles.title}>
        {texts.events.details}
      </Subtitle1>
      <Answer query={event}>
        {(one: ServerEvent | null) => (one === null ? <div>{texts.events.unknown}</div> : <Body event={one} />)}
      </Answer>
    </div>
  );
}

function Body({ event }: { event: ServerEvent }) {
  const styles = useStyles();
  return (
    <>
      <div className={styles.text}>{event.text}</div>
      <Facts
        facts={[
          [texts.events.severity, <SeverityMark key="severity" severity={event.severity} />],
          [texts.events.columns.number, String(event.number)],
          [texts.events.name, event.name],
          [texts.events.columns.time, formatTime(event.time, true)],
          [texts.events.over, event.over ? texts.events.overText : ""],
        ]}
      />
      <Lines lines={event.evidence} label={texts.evidence} />
      <Remedy text={event.remedy} place={event.over ? null : placeOfEvent(event.number, event.evidence)} />
    </>
  );
}
