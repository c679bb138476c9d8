import { makeStyles, ProgressBar, tokens } from "@fluentui/react-components";
import type { Synchronization } from "../../api/types";
import { Mark } from "../../components/Mark";
import { formatCount, formatDuration } from "../../format";
import { texts } from "../../texts";
import { progressFigures } from "./progress";

const useStyles = makeStyles({
  figures: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalL },
  stage: { fontWeight: tokens.fontWeightSemibold },
});

export function RunningState({ state }: { state: Synchronization }) {
  const styles = useStyles();
  const { share, perSecond, secondsLeft } = progressFigures(state);
  const stage = texts.synchronizations.stages[state.stage] ?? state.stage;
  return (
    <>
      <Mark kind="busy" word={texts.synchronizations.running} />
      <div className={styles.figures} data-stage={state.stage}>
        <span className={styles.stage}>{stage}</span>
        {state.total > 0 && (
          <span>{texts.synchronizations.doneOf(formatCount(state.done), formatCount(state.total))}</span>
        )}
        {perSecond !== null && (
          <span>{texts.synchronizations.rate(perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond)))}</span>
        )}
        {secondsLeft !== null && <span>{texts.synchronizations.timeLeft(formatDuration(Math.ceil(secondsLeft)))}</span>}
      </div>
      <ProgressBar
        thickness="large"
        {...(share !== null && { value: share })}
        aria-label={texts.synchronizations.running}
        aria-valuetext={stage}
      />
    </>
  );
}
