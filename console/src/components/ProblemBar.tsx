import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { Problem } from "../api/problem";

/** What a call failed with, and what to do. Nothing where there is no error. */
export function ProblemBar({ error }: { error: Error | null }) {
  if (error === null) {
    return null;
  }
  const problem = error instanceof Problem ? error : null;
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{error.message}</MessageBarTitle>
        {problem?.remedy}
        {problem?.causes.map((cause) => <div key={cause}>{cause}</div>)}
      </MessageBarBody>
    </MessageBar>
  );
}
