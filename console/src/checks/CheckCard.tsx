import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { Wrench16Regular } from "@fluentui/react-icons";
import { Lines } from "../components/Lines";
import { Remedy } from "../components/Remedy";
import { phone } from "../components/layout";
import { formatDuration } from "../format";
import { placeOfCheck } from "../places";
import { texts } from "../texts";
import { CheckMark } from "./CheckMark";
import type { CheckItem } from "./checks";

const useStyles = makeStyles({
  card: {
    display: "grid",
    gridTemplateColumns: "112px minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalM,
    alignItems: "start",
    padding: `${tokens.spacingVerticalM} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    [phone]: { gridTemplateColumns: "minmax(0, 1fr)", rowGap: tokens.spacingVerticalXS },
  },
  said: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, minWidth: 0 },
  head: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM, alignItems: "baseline" },
  title: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  finding: { overflowWrap: "anywhere" },
  fix: { alignSelf: "start" },
});

const secondsWorthTelling = 0.1;

interface Props {
  item: CheckItem;
  /** Absent where nothing can be mended from here. */
  onFix?: (() => void) | undefined;
  busy: boolean;
}

/** One check: what it found, the evidence, what to do. */
export function CheckCard({ item, onFix, busy }: Props) {
  const styles = useStyles();
  const { report } = item;
  const wrong = report !== null && (report.state === "warning" || report.state === "error");
  return (
    <li className={styles.card} data-check={item.name} data-state={item.state}>
      <CheckMark state={item.state} />
      <div className={styles.said}>
        <div className={styles.head}>
          <span className={styles.title}>{item.title}</span>
          {report !== null && report.seconds >= secondsWorthTelling && (
            <span className={styles.quiet}>{texts.checks.took(formatDuration(report.seconds))}</span>
          )}
        </div>
        {item.broken !== "" && <div className={styles.finding}>{item.broken}</div>}
        {report !== null && (
          <>
            <div className={styles.finding}>{report.finding}</div>
            <Lines lines={report.evidence} label={texts.evidence} />
            <Remedy text={report.remedy} place={wrong ? placeOfCheck(report.name, report.evidence) : null} />
            {wrong && report.fixable && onFix && (
              <Button className={styles.fix} icon={<Wrench16Regular />} disabled={busy} onClick={onFix}>
                {item.state === "running" ? texts.checks.fixing : texts.checks.fix}
              </Button>
            )}
          </>
        )}
      </div>
    </li>
  );
}
