import type { Run, RunError } from "../../api/types";
import { texts } from "../../texts";

/** A failure for a mail or a ticket: nothing is left out. Pure. */
export function failureAsText(run: Run, error: RunError): string {
  const fact = (name: string, value: string) => (value === "" ? [] : [`${name}: ${value}`]);
  return [
    texts.failure.asText(run.id, run.started),
    error.message,
    ...fact(texts.failure.code, error.code),
    ...fact(texts.failure.stage, error.stage),
    ...fact(texts.failure.request, error.request),
    ...fact(texts.failure.upstream, run.upstream),
    ...(error.causes.length > 0 ? [`${texts.causes}:`, ...error.causes.map((cause) => `  ${cause}`)] : []),
    ...fact(texts.remedy, error.remedy),
  ].join("\n");
}
