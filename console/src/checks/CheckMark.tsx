import { Mark, type MarkKind } from "../components/Mark";
import { texts } from "../texts";
import type { CheckItem } from "./checks";

const kinds: Record<CheckItem["state"], MarkKind> = {
  ok: "good",
  warning: "warning",
  error: "bad",
  broken: "bad",
  skipped: "neutral",
  waiting: "waiting",
  running: "busy",
};

export function CheckMark({ state }: { state: CheckItem["state"] }) {
  return <Mark kind={kinds[state]} word={texts.checks.states[state]} />;
}
