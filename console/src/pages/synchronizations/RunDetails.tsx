import { Button, Link, makeStyles, Subtitle1, tokens } from "@fluentui/react-components";
import { ArrowLeft16Regular, DocumentError20Regular } from "@fluentui/react-icons";
import { useRun } from "../../api/queries";
import type { Change, Run } from "../../api/types";
import { Answer } from "../../components/Answer";
import { Facts } from "../../components/Facts";
import { narrow } from "../../components/layout";
import { ResultMark } from "../../components/marks";
import { formatBytes, formatCount, formatDuration, formatTime, secondsBetween } from "../../format";
import { linkTo, navigate, type Route } from "../../routing";
import { texts } from "../../texts";
import { FailureDialog } from "./FailureDialog";
import { RunUpdates } from "./RunUpdates";
import { StageTable } from "./StageTable";

const useStyles = makeStyles({
  pane: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  back: { display: "none", [narrow]: { display: "inline-flex", alignItems: "center", columnGap: tokens.spacingHorizontalXS } },
  title: { margin: 0 },
  counts: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalL },
  error: { display: "flex", flexDirection: "column", alignItems: "start", rowGap: tokens.spacingVerticalS },
  sentence: { overflowWrap: "anywhere" },
});

const changes: readonly Change[] = ["new", "revised", "expired"];

/** The Synchronization Details pane. */
export function RunDetails({ id, route }: { id: number; route: Route }) {
  const styles = useStyles();
  const query = useRun(id);
  const part = route.path[2];
  const change = changes.find((one) => one === part);
  return (
    <div className={styles.pane}>
      <Link href={linkTo(["synchronizations"])} className={styles.back}>
        <ArrowLeft16Regular aria-hidden="true" /> {texts.run.back}
      </Link>
      <Subtitle1 as="h2" className={styles.title}>
        {texts.run.title}
      </Subtitle1>
      <Answer query={query}>
        {(run: Run) =>
          change === undefined ? (
            <Overview run={run} showsError={part === "error"} />
          ) : (
            <RunUpdates run={id} change={change} offset={Math.max(0, Math.floor(Number(route.query.get("offset") ?? "0") || 0))} />
          )
        }
      </Answer>
    </div>
  );
}

function countOf(run: Run, change: Change): number {
  return { new: run.new_updates, revised: run.revised_updates, expired: run.expired_updates }[change];
}

function Overview({ run, showsError }: { run: Run; showsError: boolean }) {
  const styles = useStyles();
  const here = linkTo(["synchronizations", run.id]);
  const counts = (
    <span className={styles.counts}>
      {changes.map((change) => (
        <span key={change}>
          {texts.synchronizations.counts[change]}{" "}
          {countOf(run, change) === 0 ? (
            "0"
          ) : (
            <Link
              href={linkTo(["synchronizations", run.id, change])}
              aria-label={texts.run.showUpdates(countOf(run, change), texts.synchronizations.counts[change])}
            >
              {formatCount(countOf(run, change))}
            </Link>
          )}
        </span>
      ))}
    </span>
  );
  return (
    <>
      {run.error !== null && (
        <div className={styles.error}>
          <div className={styles.sentence}>{run.error.message}</div>
          <Button
            icon={<DocumentError20Regular />}
            onClick={() => navigate(linkTo(["synchronizations", run.id, "error"]))}
          >
            {texts.run.details}
          </Button>
        </div>
      )}
      <Facts
        facts={[
          [texts.run.result, <ResultMark key="result" result={run.result} />],
          [texts.run.updates, counts],
          [texts.run.upstream, run.upstream],
          [texts.run.type, texts.synchronizations.kinds[run.kind]],
          [texts.run.started, formatTime(run.started, true)],
          [texts.run.ended, formatTime(run.ended, true)],
          [texts.run.duration, run.ended === null ? "" : formatDuration(secondsBetween(run.started, run.ended))],
          [texts.run.revisions, formatCount(run.revisions)],
          [texts.run.requests, formatCount(run.requests)],
          [texts.run.received, formatBytes(run.bytes)],
        ]}
      />
      <StageTable stages={run.stages ?? []} />
      {run.error !== null && showsError && (
        <FailureDialog run={run} error={run.error} onClose={() => navigate(here)} />
      )}
    </>
  );
}
