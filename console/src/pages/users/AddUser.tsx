import { Field, Input, Select } from "@fluentui/react-components";
import { useState } from "react";
import { useAddUser } from "../../api/queries";
import type { Role } from "../../api/types";
import { FormDialog } from "../../components/FormDialog";
import { PasswordFields, passwordIsValid } from "../../components/PasswordFields";
import { texts } from "../../texts";

export function AddUser({ onClose }: { onClose: () => void }) {
  const add = useAddUser();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("reporter");
  const [password, setPassword] = useState({ password: "", repeat: "" });
  return (
    <FormDialog
      title={texts.users.addTitle}
      submit={texts.users.addIt}
      valid={name.trim() !== "" && passwordIsValid(password)}
      pending={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate({ name: name.trim(), role, password: password.password }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Field label={texts.users.name} required>
        <Input value={name} autoComplete="off" onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label={texts.users.role}>
        <Select value={role} onChange={(_, { value }) => setRole(value as Role)}>
          <option value="reporter">{texts.roles.reporter}</option>
          <option value="administrator">{texts.roles.administrator}</option>
        </Select>
      </Field>
      <PasswordFields label={texts.password} value={password} onChange={setPassword} />
    </FormDialog>
  );
}
