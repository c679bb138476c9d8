import type { RunResult, Severity } from "../api/types";
import { texts } from "../texts";
import { Mark, type MarkKind } from "./Mark";

const results: Record<RunResult, MarkKind> = {
  running: "busy",
  succeeded: "good",
  failed: "bad",
  cancelled: "neutral",
  interrupted: "warning",
};

export function ResultMark({ result }: { result: RunResult }) {
  return <Mark kind={results[result]} word={texts.synchronizations.results[result]} />;
}

const severities: Record<Severity, MarkKind> = { information: "information", warning: "warning", error: "bad" };

export function SeverityMark({ severity }: { severity: Severity }) {
  return <Mark kind={severities[severity]} word={texts.events.severities[severity]} />;
}
