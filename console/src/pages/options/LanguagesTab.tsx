import { Checkbox, Field, makeStyles, Radio, RadioGroup } from "@fluentui/react-components";
import { useMemo } from "react";
import type { SyncOptions } from "../../api/types";
import { useCanChange } from "../../app/user";
import { texts } from "../../texts";
import { useFieldStyles } from "./fields";
import { languages } from "./languages";
import { OptionsForm } from "./OptionsForm";
import { useDraft } from "./useDraft";

const useStyles = makeStyles({
  grid: { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(210px, 1fr))", maxWidth: "1000px" },
});

export function LanguagesTab({ options }: { options: SyncOptions }) {
  const styles = useStyles();
  const fields = useFieldStyles();
  const disabled = !useCanChange();
  // The API says "all" by an empty list; a form can also stand at "these" with none chosen yet.
  const server = useMemo(
    () => ({ all: options.languages.length === 0, chosen: [...options.languages].sort() }),
    [options.languages],
  );
  const { value, dirty, change, reset } = useDraft(server);
  const valid = value.all || value.chosen.length > 0;
  const toggle = (code: string, checked: boolean) =>
    change({ chosen: [...value.chosen.filter((one) => one !== code), ...(checked ? [code] : [])].sort() });
  return (
    <OptionsForm
      dirty={dirty}
      valid={valid}
      reset={reset}
      toChange={() => ({ languages: value.all ? [] : value.chosen })}
    >
      <section className={fields.group}>
        <Field label={texts.languages.legend} hint={texts.languages.text}>
          <RadioGroup
            value={value.all ? "all" : "some"}
            disabled={disabled}
            onChange={(_, data) => change({ all: data.value === "all" })}
          >
            <Radio value="all" label={texts.languages.all} />
            <Radio value="some" label={texts.languages.some} />
          </RadioGroup>
        </Field>
        {!valid && <div role="alert">{texts.languages.none}</div>}
      </section>
      {!value.all && (
        <div className={styles.grid} role="group" aria-label={texts.languages.some}>
          {languages.map(([code, name]) => (
            <Checkbox
              key={code}
              label={`${name} (${code})`}
              disabled={disabled}
              checked={value.chosen.includes(code)}
              onChange={(_, { checked }) => toggle(code, checked === true)}
            />
          ))}
        </div>
      )}
    </OptionsForm>
  );
}
