import { Field, Input } from "@fluentui/react-components";
import { texts } from "../texts";

export interface NewPassword {
  password: string;
  repeat: string;
}

const least = 12;

export function passwordIsValid({ password, repeat }: NewPassword): boolean {
  return [...password].length >= least && password === repeat;
}

interface Props {
  label: string;
  value: NewPassword;
  onChange: (next: NewPassword) => void;
}

/** A new password, twice. */
export function PasswordFields({ label, value, onChange }: Props) {
  const short = value.password !== "" && [...value.password].length < least;
  const differs = value.repeat !== "" && value.repeat !== value.password;
  return (
    <>
      <Field
        label={label}
        required
        {...(short ? { validationMessage: texts.session.short } : { hint: texts.session.passwordHint })}
      >
        <Input
          type="password"
          autoComplete="new-password"
          value={value.password}
          onChange={(_, data) => onChange({ ...value, password: data.value })}
        />
      </Field>
      <Field label={texts.session.repeat} required {...(differs && { validationMessage: texts.session.differ })}>
        <Input
          type="password"
          autoComplete="new-password"
          value={value.repeat}
          onChange={(_, data) => onChange({ ...value, repeat: data.value })}
        />
      </Field>
    </>
  );
}
