import { Body1, Button } from "@fluentui/react-components";
import { ArrowSync20Regular, Dismiss20Regular } from "@fluentui/react-icons";
import {
  useCancelSynchronization,
  useOptions,
  useRuns,
  useStartSynchronization,
  useSynchronization,
} from "../../api/queries";
import type { Run, Synchronization } from "../../api/types";
import { useCanChange } from "../../app/user";
import { Answer } from "../../components/Answer";
import { Page } from "../../components/Page";
import { ProblemBar } from "../../components/ProblemBar";
import { Split } from "../../components/Split";
import type { Route } from "../../routing";
import { texts } from "../../texts";
import { RunDetails } from "./RunDetails";
import { RunTable } from "./RunTable";
import { StateCard } from "./StateCard";

/** #/synchronizations, …/12, …/12/error, …/12/new?offset=50 */
export function SynchronizationsPage({ route }: { route: Route }) {
  const state = useSynchronization();
  const options = useOptions();
  const start = useStartSynchronization();
  const cancel = useCancelSynchronization();
  const canChange = useCanChange();
  const chosen = /^\d+$/.test(route.path[1] ?? "") ? Number(route.path[1]) : null;
  const running = state.data?.running === true;
  const hasSource = options.data === undefined || options.data.source === "microsoft" || options.data.upstream !== "";

  const actions = (
    <>
      {running && (
        <Button icon={<Dismiss20Regular />} disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          {texts.synchronizations.cancel}
        </Button>
      )}
      <Button
        appearance="primary"
        icon={<ArrowSync20Regular />}
        disabled={running || start.isPending || !hasSource}
        onClick={() => start.mutate()}
      >
        {texts.synchronizations.now}
      </Button>
    </>
  );

  return (
    <Page title={texts.synchronizations.title} actions={canChange ? actions : undefined}>
      <ProblemBar error={start.error ?? cancel.error} />
      <Answer query={state}>{(now: Synchronization) => <StateCard state={now} hasSource={hasSource} />}</Answer>
      <Split
        list={<History chosen={chosen} />}
        details={chosen === null ? null : <RunDetails key={chosen} id={chosen} route={route} />}
      />
    </Page>
  );
}

function History({ chosen }: { chosen: number | null }) {
  const query = useRuns();
  const runs = query.data?.pages.flatMap((page) => page.runs);
  return (
    <Answer query={{ data: runs, error: query.error, refetch: query.refetch as never }}>
      {(list: Run[]) => (
        <>
          {list.length === 0 ? (
            <Body1>{texts.synchronizations.empty}</Body1>
          ) : (
            <RunTable runs={list} chosen={chosen} />
          )}
          {query.hasNextPage && (
            <Button appearance="subtle" disabled={query.isFetching} onClick={() => void query.fetchNextPage()}>
              {texts.synchronizations.older}
            </Button>
          )}
        </>
      )}
    </Answer>
  );
}
