import { Checkbox, Field, Input } from "@fluentui/react-components";
import { useId } from "react";
import { useCanChange } from "../../app/user";
import { texts } from "../../texts";
import { useFieldStyles } from "./fields";
import type { SourceForm } from "./sourceForm";

interface Props {
  form: SourceForm;
  hasPassword: boolean;
  onChange: (next: Partial<SourceForm>) => void;
}

/** Who signs in at the proxy. The password goes to the server and never comes back. */
export function ProxyLogin({ form, hasPassword, onChange }: Props) {
  const styles = useFieldStyles();
  const disabled = !useCanChange();
  const meaning = useId();
  return (
    <>
      <div className={styles.row}>
        <Field className={styles.grow} label={texts.proxy.user} hint={texts.proxy.userHint}>
          <Input
            value={form.user}
            disabled={disabled}
            autoComplete="off"
            onChange={(_, { value }) => onChange({ user: value })}
          />
        </Field>
        <Field className={styles.grow} label={texts.proxy.domain}>
          <Input
            value={form.domain}
            disabled={disabled}
            autoComplete="off"
            onChange={(_, { value }) => onChange({ domain: value })}
          />
        </Field>
      </div>
      <Field label={texts.password} hint={hasPassword ? texts.proxy.passwordKept : texts.proxy.passwordNone}>
        <Input
          type="password"
          value={form.password}
          disabled={disabled || form.forgetPassword}
          autoComplete="new-password"
          onChange={(_, { value }) => onChange({ password: value })}
        />
      </Field>
      {hasPassword && (
        <Checkbox
          label={texts.proxy.passwordForget}
          checked={form.forgetPassword}
          disabled={disabled}
          onChange={(_, { checked }) => onChange({ forgetPassword: checked === true })}
        />
      )}
      <div>
        <Checkbox
          label={texts.proxy.allowBasic}
          checked={form.allowBasic}
          disabled={disabled}
          aria-describedby={meaning}
          onChange={(_, { checked }) => onChange({ allowBasic: checked === true })}
        />
        <div id={meaning} className={`${styles.indented} ${styles.hint}`}>
          {texts.proxy.allowBasicText}
        </div>
      </div>
    </>
  );
}
