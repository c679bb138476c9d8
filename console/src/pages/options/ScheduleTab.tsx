import { Field, Input, Radio, RadioGroup } from "@fluentui/react-components";
import { useMemo } from "react";
import { useSynchronization } from "../../api/queries";
import type { SyncOptions } from "../../api/types";
import { useCanChange } from "../../app/user";
import { Facts } from "../../components/Facts";
import { formatTime } from "../../format";
import { texts } from "../../texts";
import { useFieldStyles, validation } from "./fields";
import { numberIn } from "./numbers";
import { OptionsForm } from "./OptionsForm";
import { useDraft } from "./useDraft";

export function ScheduleTab({ options }: { options: SyncOptions }) {
  const styles = useFieldStyles();
  const disabled = !useCanChange();
  const state = useSynchronization();
  const server = useMemo(
    () => ({
      mode: options.schedule.mode,
      first: options.schedule.first_time,
      perDay: String(options.schedule.per_day),
      random: String(options.schedule.random_minutes),
    }),
    [options.schedule],
  );
  const { value, dirty, change, reset } = useDraft(server);
  const perDay = numberIn(value.perDay, 1, 24);
  const random = numberIn(value.random, 0, 30);
  const timeIsRight = /^([01]\d|2[0-3]):[0-5]\d$/.test(value.first);
  const daily = value.mode === "daily";
  const valid = !daily || (perDay !== null && random !== null && timeIsRight);
  const next = state.data?.next_run ?? null;
  return (
    <OptionsForm
      dirty={dirty}
      valid={valid}
      reset={reset}
      toChange={() => ({
        schedule: daily
          ? { mode: "daily", first_time: value.first, per_day: perDay ?? 1, random_minutes: random ?? 0 }
          : { ...options.schedule, mode: "manual" },
      })}
    >
      <section className={styles.group}>
        <Field label={texts.schedule.legend}>
          <RadioGroup
            value={value.mode}
            disabled={disabled}
            onChange={(_, data) => change({ mode: data.value as "manual" | "daily" })}
          >
            <Radio value="manual" label={texts.schedule.manual} />
            <Radio value="daily" label={texts.schedule.daily} />
          </RadioGroup>
        </Field>
        {daily && (
          <div className={styles.row}>
            <Field
              className={styles.grow}
              label={texts.schedule.first}
              hint={texts.schedule.firstHint}
              {...validation(timeIsRight ? undefined : texts.schedule.firstInvalid)}
            >
              <Input value={value.first} disabled={disabled} onChange={(_, data) => change({ first: data.value })} />
            </Field>
            <Field
              className={styles.grow}
              label={texts.schedule.perDay}
              {...validation(perDay === null ? texts.schedule.perDayInvalid : undefined)}
            >
              <Input
                inputMode="numeric"
                value={value.perDay}
                disabled={disabled}
                onChange={(_, data) => change({ perDay: data.value })}
              />
            </Field>
            <Field
              className={styles.grow}
              label={texts.schedule.random}
              hint={texts.schedule.randomHint}
              {...validation(random === null ? texts.schedule.randomInvalid : undefined)}
            >
              <Input
                inputMode="numeric"
                value={value.random}
                disabled={disabled}
                onChange={(_, data) => change({ random: data.value })}
              />
            </Field>
          </div>
        )}
        <Facts
          facts={[
            [
              texts.schedule.next,
              dirty ? texts.schedule.afterSaving : next === null ? texts.schedule.none : formatTime(next),
            ],
          ]}
        />
      </section>
    </OptionsForm>
  );
}
