import { Card, Link, makeStyles, tokens } from "@fluentui/react-components";
import { Clock16Regular } from "@fluentui/react-icons";
import type { RunResult, Synchronization } from "../../api/types";
import { Facts } from "../../components/Facts";
import { Mark } from "../../components/Mark";
import { ResultMark } from "../../components/marks";
import { formatDuration, formatTime, secondsBetween } from "../../format";
import { linkTo } from "../../routing";
import { texts } from "../../texts";
import { RunningState } from "./RunningState";

const useStyles = makeStyles({
  card: { marginBottom: tokens.spacingVerticalL, rowGap: tokens.spacingVerticalS },
  retry: { display: "flex", columnGap: tokens.spacingHorizontalS, alignItems: "start" },
  reason: { color: tokens.colorNeutralForeground3, overflowWrap: "anywhere" },
  last: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM, rowGap: tokens.spacingVerticalXS },
});

/** What the server does now: a run with its progress, or what came last and what comes next. */
export function StateCard({ state, hasSource }: { state: Synchronization; hasSource: boolean }) {
  const styles = useStyles();
  return (
    <Card className={styles.card} role="region" aria-label={texts.synchronizations.title}>
      {state.running ? <RunningState state={state} /> : <Idle state={state} hasSource={hasSource} />}
    </Card>
  );
}

function Idle({ state, hasSource }: { state: Synchronization; hasSource: boolean }) {
  const styles = useStyles();
  const { next_run: next, retry, now } = state;
  const last =
    state.run_id === 0 ? (
      texts.synchronizations.neverRan
    ) : (
      <span className={styles.last}>
        <ResultMark result={state.result as RunResult} />
        <Link href={linkTo(["synchronizations", state.run_id])}>{formatTime(state.started)}</Link>
        {state.error !== "" && <span>{state.error}</span>}
      </span>
    );
  return (
    <>
      {!hasSource && (
        <div>
          <Mark kind="warning" word={texts.synchronizations.setUpFirst} />{" "}
          <Link href={linkTo(["options", "source"])}>{texts.synchronizations.setUpLink}</Link>
        </div>
      )}
      <Facts
        facts={[
          [texts.synchronizations.last, last],
          [
            texts.synchronizations.nextRun,
            next === null
              ? texts.synchronizations.noSchedule
              : `${formatTime(next)} (${texts.synchronizations.inTime(formatDuration(Math.max(0, secondsBetween(now, next))))})`,
          ],
        ]}
      />
      {retry !== null && (
        <div className={styles.retry} data-retry={retry.attempt}>
          <Clock16Regular aria-hidden="true" />
          <div>
            <div>{texts.synchronizations.retry(formatTime(retry.at), retry.attempt, retry.of)}</div>
            <div className={styles.reason}>{retry.reason}</div>
          </div>
        </div>
      )}
    </>
  );
}
