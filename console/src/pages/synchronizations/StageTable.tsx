import { makeStyles, mergeClasses, Subtitle2, tokens } from "@fluentui/react-components";
import type { RunStage } from "../../api/types";
import { formatCount, formatDuration } from "../../format";
import { texts } from "../../texts";

const useStyles = makeStyles({
  table: { width: "100%", borderCollapse: "collapse", fontSize: tokens.fontSizeBase300 },
  head: { textAlign: "left", fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground3 },
  cell: { padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXXS} 0` },
  number: { textAlign: "right", fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" },
  share: { width: "40%" },
  bar: { height: "8px", minWidth: "1px", borderRadius: tokens.borderRadiusSmall, backgroundColor: tokens.colorBrandBackground },
  title: { margin: 0 },
});

/** Where the time went. */
export function StageTable({ stages }: { stages: RunStage[] }) {
  const styles = useStyles();
  const longest = Math.max(...stages.map((stage) => stage.seconds), Number.MIN_VALUE);
  return (
    <div>
      <Subtitle2 as="h3" className={styles.title}>
        {texts.run.stages}
      </Subtitle2>
      {stages.length === 0 ? (
        <div>{texts.run.noStages}</div>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th className={mergeClasses(styles.cell, styles.head)}>{texts.run.stage}</th>
              <th className={mergeClasses(styles.cell, styles.head, styles.number)}>{texts.run.duration}</th>
              <th className={mergeClasses(styles.cell, styles.head, styles.number)}>{texts.run.requests}</th>
              <th className={styles.share} aria-label={texts.run.share} />
            </tr>
          </thead>
          <tbody>
            {stages.map((stage) => (
              <tr key={stage.stage}>
                <td className={styles.cell}>{texts.synchronizations.stages[stage.stage] ?? stage.stage}</td>
                <td className={mergeClasses(styles.cell, styles.number)}>{formatDuration(stage.seconds)}</td>
                <td className={mergeClasses(styles.cell, styles.number)}>{formatCount(stage.requests)}</td>
                <td aria-hidden="true">
                  <div className={styles.bar} style={{ width: `${(100 * stage.seconds) / longest}%` }} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
