import { Button, makeStyles, MessageBar, MessageBarBody, Spinner, Subtitle2, tokens } from "@fluentui/react-components";
import { PlugConnected20Regular } from "@fluentui/react-icons";
import { useEffect, useRef } from "react";
import { useTestOptions } from "../../api/queries";
import type { CheckReport, SyncOptionsChange } from "../../api/types";
import { useCanChange } from "../../app/user";
import { CheckCard } from "../../checks/CheckCard";
import { ProblemBar } from "../../components/ProblemBar";
import { texts } from "../../texts";

const useStyles = makeStyles({
  test: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  hint: { color: tokens.colorNeutralForeground3 },
  title: { margin: 0 },
  reports: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
  list: { margin: 0, padding: 0, listStyleType: "none" },
});

/** Tries the options as they stand in the form; nothing is stored. */
export function TestOptions({ valid, toChange }: { valid: boolean; toChange: () => SyncOptionsChange }) {
  const styles = useStyles();
  const test = useTestOptions();
  if (!useCanChange()) {
    return null;
  }
  return (
    <section className={styles.test} aria-label={texts.test.title}>
      <div className={styles.head}>
        <Button
          icon={test.isPending ? <Spinner size="tiny" /> : <PlugConnected20Regular />}
          disabled={!valid || test.isPending}
          onClick={() => test.mutate(toChange())}
        >
          {test.isPending ? texts.test.running : texts.test.run}
        </Button>
        <span className={styles.hint}>{texts.test.hint}</span>
      </div>
      <ProblemBar error={test.error} />
      {test.data !== undefined && !test.isPending && <Reports checks={test.data.checks} />}
    </section>
  );
}

function Reports({ checks }: { checks: CheckReport[] }) {
  const styles = useStyles();
  const bad = checks.some((check) => check.state === "error");
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // New browsers answer with a promise, which is no clean-up.
    void top.current?.scrollIntoView({ block: "start" });
  }, []);
  return (
    <div ref={top} className={styles.reports}>
      <Subtitle2 as="h3" className={styles.title}>
        {texts.test.title}
      </Subtitle2>
      <MessageBar intent={bad ? "error" : "success"} role="status">
        <MessageBarBody>{bad ? texts.test.bad : texts.test.good}</MessageBarBody>
      </MessageBar>
      <ol className={styles.list} aria-label={texts.test.title}>
        {checks.map((report) => (
          <CheckCard key={report.name} item={{ ...report, report, broken: "" }} busy={false} />
        ))}
      </ol>
    </div>
  );
}
