import { Field, Input } from "@fluentui/react-components";
import { useMemo } from "react";
import type { SyncOptions } from "../../api/types";
import { useCanChange } from "../../app/user";
import { texts } from "../../texts";
import { useFieldStyles, validation } from "./fields";
import { numberIn } from "./numbers";
import { OptionsForm } from "./OptionsForm";
import { useDraft } from "./useDraft";

export function HistoryTab({ options }: { options: SyncOptions }) {
  const styles = useFieldStyles();
  const disabled = !useCanChange();
  const server = useMemo(() => ({ days: String(options.history_days) }), [options.history_days]);
  const { value, dirty, change, reset } = useDraft(server);
  const days = numberIn(value.days, 1, 3650);
  return (
    <OptionsForm
      dirty={dirty}
      valid={days !== null}
      reset={reset}
      toChange={() => (days === null ? {} : { history_days: days })}
    >
      <section className={styles.group}>
        <Field
          label={texts.history.days}
          hint={texts.history.daysHint}
          {...validation(days === null ? texts.history.daysInvalid : undefined)}
        >
          <Input
            inputMode="numeric"
            value={value.days}
            disabled={disabled}
            onChange={(_, data) => change({ days: data.value })}
          />
        </Field>
      </section>
    </OptionsForm>
  );
}
