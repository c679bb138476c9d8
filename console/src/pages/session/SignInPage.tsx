import { Button, Field, Input } from "@fluentui/react-components";
import { useState } from "react";
import { useBeginSession } from "../../api/queries";
import { ProblemBar } from "../../components/ProblemBar";
import { texts } from "../../texts";
import { SessionCard } from "./SessionCard";

export function SignInPage() {
  const signIn = useBeginSession("session");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const valid = name !== "" && password !== "" && !signIn.isPending;
  return (
    <SessionCard
      title={texts.session.signInTitle}
      onSubmit={() => valid && signIn.mutate({ name, password })}
    >
      <ProblemBar error={signIn.error} />
      <Field label={texts.session.name}>
        <Input autoFocus autoComplete="username" value={name} onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label={texts.password}>
        <Input
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(_, { value }) => setPassword(value)}
        />
      </Field>
      <Button type="submit" appearance="primary" disabled={!valid}>
        {texts.session.signIn}
      </Button>
    </SessionCard>
  );
}
