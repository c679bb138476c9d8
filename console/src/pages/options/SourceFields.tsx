import { Field, Input, Radio, RadioGroup, Subtitle1 } from "@fluentui/react-components";
import { useCanChange } from "../../app/user";
import { texts } from "../../texts";
import { useFieldStyles, validation } from "./fields";
import type { SourceErrors, SourceForm } from "./sourceForm";

interface Props {
  form: SourceForm;
  errors: SourceErrors;
  onChange: (next: Partial<SourceForm>) => void;
}

export function SourceFields({ form, errors, onChange }: Props) {
  const styles = useFieldStyles();
  const disabled = !useCanChange();
  return (
    <section className={styles.group}>
      <Subtitle1 as="h2" className={styles.heading}>
        {texts.source.heading}
      </Subtitle1>
      <Field label={texts.source.from}>
        <RadioGroup
          value={form.source}
          disabled={disabled}
          onChange={(_, { value }) => onChange({ source: value as SourceForm["source"] })}
        >
          <Radio value="microsoft" label={texts.source.microsoft} />
          <Radio value="server" label={texts.source.server} />
        </RadioGroup>
      </Field>
      {form.source === "server" && (
        <Field label={texts.source.address} hint={texts.source.addressHint} {...validation(errors.upstream)}>
          <Input
            type="url"
            value={form.upstream}
            disabled={disabled}
            autoComplete="off"
            onChange={(_, { value }) => onChange({ upstream: value })}
          />
        </Field>
      )}
      <Field label={texts.source.files}>
        <RadioGroup
          value={form.contentFrom}
          disabled={disabled}
          onChange={(_, { value }) => onChange({ contentFrom: value as SourceForm["contentFrom"] })}
        >
          <Radio value="upstream" label={texts.source.filesUpstream} />
          <Radio value="microsoft" label={texts.source.filesMicrosoft} />
        </RadioGroup>
      </Field>
      <Field
        className={styles.short}
        label={texts.source.parallel}
        hint={texts.source.parallelHint}
        {...validation(errors.parallel)}
      >
        <Input
          inputMode="numeric"
          value={form.parallel}
          disabled={disabled}
          onChange={(_, { value }) => onChange({ parallel: value })}
        />
      </Field>
    </section>
  );
}
