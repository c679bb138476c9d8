import { Body1, Button, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { keys, useEvents, useLastEvent } from "../../api/queries";
import type { ServerEvent } from "../../api/types";
import { Answer } from "../../components/Answer";
import { Page } from "../../components/Page";
import { Split } from "../../components/Split";
import type { Route } from "../../routing";
import { texts } from "../../texts";
import { Conditions } from "./Conditions";
import { EventDetails } from "./EventDetails";
import { EventFilters } from "./EventFilters";
import { EventTable } from "./EventTable";

/** #/events, …/12; filters stand in the query: ?severity=error&number=386 */
export function EventsPage({ route }: { route: Route }) {
  const client = useQueryClient();
  const [follow, setFollow] = useState(true);
  const severity = route.query.get("severity") ?? "";
  const number = route.query.get("number") ?? "";
  const chosen = /^\d+$/.test(route.path[1] ?? "") ? Number(route.path[1]) : null;
  const query = useEvents(severity, number);
  const last = useLastEvent();
  const seen = query.data?.pages[0]?.last_id ?? last;
  const hasNewer = last > seen;
  const events = query.data?.pages.flatMap((page) => page.events);

  useEffect(() => {
    if (follow && hasNewer) {
      void client.invalidateQueries({ queryKey: [...keys.events, "list"] });
    }
  }, [client, follow, hasNewer, last]);

  const list = (
    <>
      <EventFilters severity={severity} number={number} chosen={chosen} follow={follow} onFollow={setFollow} />
      {hasNewer && !follow && (
        <MessageBar role="status">
          <MessageBarBody>{texts.events.newer}</MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={() => void query.refetch()}>
              {texts.events.showNewer}
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      <Answer query={{ data: events, error: query.error, refetch: query.refetch as never }}>
        {(shown: ServerEvent[]) =>
          shown.length === 0 ? (
            <Body1>{texts.events.empty}</Body1>
          ) : (
            <EventTable events={shown} chosen={chosen} query={{ severity, number }} />
          )
        }
      </Answer>
      {query.hasNextPage && (
        <Button appearance="subtle" disabled={query.isFetching} onClick={() => void query.fetchNextPage()}>
          {texts.events.older}
        </Button>
      )}
    </>
  );

  return (
    <Page title={texts.events.title}>
      <Conditions />
      <Split
        list={list}
        details={chosen === null ? null : <EventDetails key={chosen} id={chosen} query={{ severity, number }} />}
      />
    </Page>
  );
}
