import { Button, Spinner } from "@fluentui/react-components";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { texts } from "../texts";
import { ProblemBar } from "./ProblemBar";

interface Props<T> {
  query: Pick<UseQueryResult<T>, "data" | "error" | "refetch">;
  children: (data: T) => ReactNode;
}

/** A query's answer, or that it is awaited, or why there is none. */
export function Answer<T>({ query, children }: Props<T>) {
  if (query.data !== undefined) {
    return <>{children(query.data)}</>;
  }
  if (query.error !== null) {
    return (
      <div>
        <ProblemBar error={query.error} />
        <Button appearance="subtle" onClick={() => void query.refetch()}>
          {texts.tryAgain}
        </Button>
      </div>
    );
  }
  return <Spinner size="small" label={texts.loading} />;
}
