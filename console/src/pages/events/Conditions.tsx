import { Body1, Button, makeStyles, Subtitle2, tokens } from "@fluentui/react-components";
import { HeartPulse20Regular } from "@fluentui/react-icons";
import { useCheckHealth, useHealth } from "../../api/queries";
import type { Condition } from "../../api/types";
import { useCanChange } from "../../app/user";
import { Answer } from "../../components/Answer";
import { Lines } from "../../components/Lines";
import { SeverityMark } from "../../components/marks";
import { ProblemBar } from "../../components/ProblemBar";
import { Remedy } from "../../components/Remedy";
import { formatTime } from "../../format";
import { placeOfEvent } from "../../places";
import { texts } from "../../texts";

const useStyles = makeStyles({
  section: {
    marginBottom: tokens.spacingVerticalL,
    padding: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
  },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "space-between", gap: tokens.spacingHorizontalS },
  title: { margin: 0 },
  list: { margin: 0, padding: 0, listStyleType: "none" },
  item: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  line: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground3 },
  text: { overflowWrap: "anywhere" },
});

/** What is wrong now, as the health monitor found it. */
export function Conditions() {
  const styles = useStyles();
  const health = useHealth();
  const check = useCheckHealth();
  const canChange = useCanChange();
  return (
    <section className={styles.section} aria-label={texts.events.conditions}>
      <div className={styles.head}>
        <Subtitle2 as="h2" className={styles.title}>
          {texts.events.conditions}
        </Subtitle2>
        {canChange && (
          <Button
            size="small"
            icon={<HeartPulse20Regular />}
            disabled={check.isPending}
            onClick={() => check.mutate()}
          >
            {texts.events.checkNow}
          </Button>
        )}
      </div>
      <ProblemBar error={check.error} />
      <Answer query={health}>
        {(conditions: Condition[]) =>
          conditions.length === 0 ? (
            <Body1>{texts.events.noConditions}</Body1>
          ) : (
            <ul className={styles.list}>
              {conditions.map((one) => (
                <li key={one.number} className={styles.item} data-condition={one.number}>
                  <div className={styles.line}>
                    <SeverityMark severity={one.severity} />
                    <span className={styles.quiet}>
                      {one.number}, {texts.events.since(formatTime(one.since))}
                    </span>
                  </div>
                  <div className={styles.text}>{one.text}</div>
                  <Lines lines={one.evidence} label={texts.evidence} />
                  <Remedy text={one.remedy} place={placeOfEvent(one.number, one.evidence)} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </section>
  );
}
