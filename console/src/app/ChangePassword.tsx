import { Field, Input } from "@fluentui/react-components";
import { useState } from "react";
import { useChangePassword } from "../api/queries";
import { FormDialog } from "../components/FormDialog";
import { PasswordFields, passwordIsValid } from "../components/PasswordFields";
import { texts } from "../texts";

export function ChangePassword({ onClose }: { onClose: () => void }) {
  const change = useChangePassword();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState({ password: "", repeat: "" });
  return (
    <FormDialog
      title={texts.account.changeIt}
      submit={texts.account.changeIt}
      valid={old !== "" && passwordIsValid(password)}
      pending={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate({ old, new: password.password }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Field label={texts.account.oldPassword} required>
        <Input
          type="password"
          autoComplete="current-password"
          value={old}
          onChange={(_, { value }) => setOld(value)}
        />
      </Field>
      <PasswordFields label={texts.account.newPassword} value={password} onChange={setPassword} />
    </FormDialog>
  );
}
