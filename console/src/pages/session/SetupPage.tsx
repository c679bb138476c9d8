import { Body1, Button, Field, Input } from "@fluentui/react-components";
import { useState } from "react";
import { useBeginSession } from "../../api/queries";
import { PasswordFields, passwordIsValid } from "../../components/PasswordFields";
import { ProblemBar } from "../../components/ProblemBar";
import { texts } from "../../texts";
import { SessionCard } from "./SessionCard";

export function SetupPage() {
  const setUp = useBeginSession("setup");
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState({ password: "", repeat: "" });
  const valid = code.trim() !== "" && name.trim() !== "" && passwordIsValid(password) && !setUp.isPending;
  return (
    <SessionCard
      title={texts.session.setupTitle}
      onSubmit={() => valid && setUp.mutate({ code: code.trim(), name: name.trim(), password: password.password })}
    >
      <Body1>{texts.session.setupText}</Body1>
      <ProblemBar error={setUp.error} />
      <Field label={texts.session.code} hint={texts.session.setupWhere} required>
        <Input autoFocus autoComplete="off" spellCheck={false} value={code} onChange={(_, { value }) => setCode(value)} />
      </Field>
      <Field label={texts.session.name} required>
        <Input autoComplete="username" value={name} onChange={(_, { value }) => setName(value)} />
      </Field>
      <PasswordFields label={texts.password} value={password} onChange={setPassword} />
      <Button type="submit" appearance="primary" disabled={!valid}>
        {texts.session.create}
      </Button>
    </SessionCard>
  );
}
