import type { Synchronization } from "../../api/types";
import { secondsBetween } from "../../format";

export interface ProgressFigures {
  /** From 0 to 1; null while nobody knows how much there is to do. */
  share: number | null;
  perSecond: number | null;
  secondsLeft: number | null;
}

// Before that, a rate says nothing.
const secondsBeforeRate = 1;

/** How far a stage is, how fast it goes, and when it will be over. Pure. */
export function progressFigures(
  progress: Pick<Synchronization, "done" | "total" | "stage_started" | "now">,
): ProgressFigures {
  const { done, total, stage_started: started, now } = progress;
  const share = total > 0 ? Math.min(done / total, 1) : null;
  const elapsed = started === null ? 0 : secondsBetween(started, now);
  if (done === 0 || elapsed < secondsBeforeRate) {
    return { share, perSecond: null, secondsLeft: null };
  }
  const perSecond = done / elapsed;
  return { share, perSecond, secondsLeft: total > done ? (total - done) / perSecond : null };
}
