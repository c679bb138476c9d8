import { Button, makeStyles, MessageBar, MessageBarBody, tokens } from "@fluentui/react-components";
import type { FormEvent, ReactNode } from "react";
import { useSaveOptions } from "../../api/queries";
import type { SyncOptionsChange } from "../../api/types";
import { useCanChange } from "../../app/user";
import { ProblemBar } from "../../components/ProblemBar";
import { texts } from "../../texts";
import { LeaveDialog } from "./LeaveDialog";
import { useGuard } from "./useGuard";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  bar: {
    position: "sticky",
    bottom: 0,
    zIndex: 1,
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} 0`,
    backgroundColor: tokens.colorNeutralBackground2,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

interface Props {
  dirty: boolean;
  valid: boolean;
  reset: () => void;
  /** What is sent, of what the form holds. */
  toChange: () => SyncOptionsChange;
  /** Beside the buttons. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of each page of options: saving, what the server says to it, and the guard of unsaved changes. */
export function OptionsForm({ dirty, valid, reset, toChange, actions, children }: Props) {
  const styles = useStyles();
  const save = useSaveOptions();
  const guard = useGuard(dirty);
  const canChange = useCanChange();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (dirty && valid) {
      save.mutate(toChange(), { onSuccess: reset });
    }
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <ProblemBar error={save.error} />
      {save.isSuccess && !dirty && (
        <MessageBar intent="success" role="status">
          <MessageBarBody>{texts.options.saved}</MessageBarBody>
        </MessageBar>
      )}
      {children}
      {canChange && (
        <div className={styles.bar}>
          <Button type="submit" appearance="primary" disabled={!dirty || !valid || save.isPending}>
            {texts.save}
          </Button>
          <Button
            disabled={!dirty || save.isPending}
            onClick={() => {
              save.reset();
              reset();
            }}
          >
            {texts.options.discard}
          </Button>
          {actions}
          {dirty && <span role="status">{texts.options.unsaved}</span>}
        </div>
      )}
      <LeaveDialog open={guard.wanted !== null} onStay={guard.stay} onLeave={guard.leave} />
    </form>
  );
}
