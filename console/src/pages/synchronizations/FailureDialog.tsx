import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import { Stethoscope20Regular } from "@fluentui/react-icons";
import { useCheckNames } from "../../api/queries";
import type { Run, RunError } from "../../api/types";
import { CheckList } from "../../checks/CheckList";
import { useCheckRun } from "../../checks/useCheckRun";
import { CopyButton } from "../../components/CopyButton";
import { Facts } from "../../components/Facts";
import { Lines } from "../../components/Lines";
import { Remedy } from "../../components/Remedy";
import { phone } from "../../components/layout";
import { placeOfError } from "../../places";
import { texts } from "../../texts";
import { failureAsText } from "./failure";

const useStyles = makeStyles({
  surface: { maxWidth: "760px", [phone]: { padding: tokens.spacingHorizontalM } },
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  sentence: { fontWeight: tokens.fontWeightSemibold, overflowWrap: "anywhere" },
  heading: { margin: `0 0 ${tokens.spacingVerticalXS}` },
  hint: { color: tokens.colorNeutralForeground3 },
});

/** The full error of a run, what to do, and the doctor's checks that belong to it. */
export function FailureDialog({ run, error, onClose }: { run: Run; error: RunError; onClose: () => void }) {
  const styles = useStyles();
  const checks = useCheckRun();
  const names = useCheckNames();
  // In the order in which the server names them.
  const wanted = run.checks.flatMap((name) => names.data?.find((check) => check.name === name) ?? []);

  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{texts.failure.title(run.id)}</DialogTitle>
          <DialogContent className={styles.content}>
            <div className={styles.sentence}>{error.message}</div>
            <Remedy text={error.remedy} place={placeOfError(error.code)} />
            <Facts
              facts={[
                [texts.failure.stage, texts.synchronizations.stages[error.stage] ?? error.stage],
                [texts.failure.request, error.request],
                [texts.failure.code, error.code],
                [texts.failure.upstream, run.upstream],
              ]}
            />
            {error.causes.length > 0 && (
              <div>
                <Subtitle2 as="h3" className={styles.heading}>
                  {texts.causes}
                </Subtitle2>
                <Lines lines={error.causes} label={texts.causes} />
              </div>
            )}
            {wanted.length > 0 && (
              <div>
                <Subtitle2 as="h3" className={styles.heading}>
                  {texts.failure.checks}
                </Subtitle2>
                {checks.items.length === 0 && <div className={styles.hint}>{texts.failure.checksHint}</div>}
                <CheckList run={checks} label={texts.failure.checks} />
              </div>
            )}
          </DialogContent>
          <DialogActions>
            <CopyButton text={() => failureAsText(run, error)} />
            {wanted.length > 0 && (
              <Button icon={<Stethoscope20Regular />} disabled={checks.running} onClick={() => checks.start(wanted)}>
                {checks.items.length === 0 ? texts.failure.checkNow : texts.failure.checkAgain}
              </Button>
            )}
            <Button appearance="primary" onClick={onClose}>
              {texts.close}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
