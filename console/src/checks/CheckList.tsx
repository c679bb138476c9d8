import { makeStyles, ProgressBar, tokens } from "@fluentui/react-components";
import { useCanChange } from "../app/user";
import { texts } from "../texts";
import { CheckCard } from "./CheckCard";
import { countDone, summaryOf } from "./checks";
import type { CheckRun } from "./useCheckRun";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  summary: { marginBottom: tokens.spacingVerticalS, fontWeight: tokens.fontWeightSemibold },
});

/** The checks of one run, with how far it is. */
export function CheckList({ run, label }: { run: CheckRun; label: string }) {
  const styles = useStyles();
  const canChange = useCanChange();
  const { items, running, fix } = run;
  if (items.length === 0) {
    return null;
  }
  const done = countDone(items);
  return (
    <div>
      <div className={styles.summary} role="status">
        {running ? texts.checks.progress(done, items.length) : summaryOf(items)}
      </div>
      {running && <ProgressBar value={done} max={items.length} aria-label={label} />}
      <ol className={styles.list} aria-label={label}>
        {items.map((item) => (
          <CheckCard key={item.name} item={item} busy={running} onFix={canChange ? () => fix(item.name) : undefined} />
        ))}
      </ol>
    </div>
  );
}
