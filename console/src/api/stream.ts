import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { keys } from "./queries";
import type { Synchronization } from "./types";

const reopenAfterMilliseconds = 5_000;

/** A run that began or ended changes more than the progress. */
function onSynchronization(client: QueryClient, next: Synchronization): void {
  const before = client.getQueryData<Synchronization>(keys.synchronization);
  client.setQueryData(keys.synchronization, next);
  if (before?.running !== next.running || before.run_id !== next.run_id) {
    void client.invalidateQueries({ queryKey: keys.runs });
    void client.invalidateQueries({ queryKey: keys.categories });
  }
}

function onEvents(client: QueryClient, last: number): void {
  client.setQueryData(keys.lastEvent, last);
  void client.invalidateQueries({ queryKey: keys.health });
  // Another administrator may have changed an option: that is an event.
  void client.invalidateQueries({ queryKey: keys.options });
}

/** Follows the server's stream into the queries' cache. Answers whether it is connected. */
export function useStream(): boolean {
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    let source: EventSource;
    let reopening: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource("/api/v1/stream");
      source.addEventListener("open", () => setConnected(true));
      source.addEventListener("synchronization", (event: MessageEvent<string>) =>
        onSynchronization(client, JSON.parse(event.data) as Synchronization),
      );
      source.addEventListener("events", (event: MessageEvent<string>) =>
        onEvents(client, (JSON.parse(event.data) as { last: number }).last),
      );
      source.addEventListener("error", () => {
        setConnected(false);
        // The stream ends with the session, too.
        void client.invalidateQueries({ queryKey: keys.session });
        if (source.readyState === EventSource.CLOSED) {
          reopening = setTimeout(open, reopenAfterMilliseconds);
        }
      });
    };
    open();
    return () => {
      clearTimeout(reopening);
      source.close();
    };
  }, [client]);
  return connected;
}
