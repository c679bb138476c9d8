import {
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from "@tanstack/react-query";
import { call, query, setCsrf } from "./client";
import { Problem } from "./problem";
import type * as api from "./types";

export const keys = {
  session: ["session"] as const,
  synchronization: ["synchronization"] as const,
  runs: ["runs"] as const,
  options: ["options"] as const,
  categories: ["categories"] as const,
  checks: ["checks"] as const,
  events: ["events"] as const,
  lastEvent: ["last-event"] as const,
  health: ["health"] as const,
  users: ["users"] as const,
  transfers: ["transfers"] as const,
  failing: ["failing-updates"] as const,
};

const pageOfRuns = 50;
const pageOfTransfers = 200;
const transfersEvery = 2_000;
const pageOfEvents = 100;
export const pageOfUpdates = 50;

/** A session that ended anywhere shows the sign-in page: GET /session tells whether there is one. */
function onError(client: QueryClient, error: unknown): void {
  if (error instanceof Problem && error.code === "session.none") {
    void client.invalidateQueries({ queryKey: keys.session });
  }
}

export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) => count < 2 && error instanceof Problem && (error.status === 0 || error.status === 503),
        staleTime: 5_000,
      },
    },
  });
  client.getQueryCache().config.onError = (error) => onError(client, error);
  client.getMutationCache().config.onError = (error) => onError(client, error);
  return client;
}

/** What one user saw is nothing for the next one. */
function forgetAllButSession(client: QueryClient): void {
  client.removeQueries({ predicate: (one) => one.queryKey[0] !== keys.session[0] });
}

async function readSession(): Promise<api.Session> {
  const session = await call<api.Session>("GET", "session");
  setCsrf(session.csrf);
  return session;
}

export function useSession() {
  return useQuery({ queryKey: keys.session, queryFn: readSession, staleTime: 60_000 });
}

/** Sign-in and set-up: both answer with the session. */
export function useBeginSession(path: "session" | "setup") {
  const client = useQueryClient();
  return useMutation<api.Session, Error, Record<string, string>>({
    mutationFn: (body) => call("POST", path, body),
    onSuccess: (session) => {
      setCsrf(session.csrf);
      forgetAllButSession(client);
      client.setQueryData(keys.session, session);
    },
  });
}

export function useEndSession() {
  const client = useQueryClient();
  return useMutation<null, Error, void>({
    mutationFn: () => call("DELETE", "session"),
    onSettled: () => {
      forgetAllButSession(client);
      return client.invalidateQueries({ queryKey: keys.session });
    },
  });
}

export function useSynchronization() {
  return useQuery({
    queryKey: keys.synchronization,
    queryFn: () => call<api.Synchronization>("GET", "synchronization"),
  });
}

export function useStartSynchronization() {
  return useChange<{ run_id: number }, void>([keys.synchronization, keys.runs], () =>
    call("POST", "synchronization", {}),
  );
}

export function useCancelSynchronization() {
  return useChange<unknown, void>([keys.synchronization, keys.runs], () => call("DELETE", "synchronization"));
}

export function useRuns() {
  return useInfiniteQuery({
    queryKey: [...keys.runs, "list"],
    queryFn: ({ pageParam }) =>
      call<{ runs: api.Run[] }>("GET", `synchronization/runs${query({ limit: pageOfRuns, before: pageParam })}`),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.runs.length < pageOfRuns ? undefined : last.runs.at(-1)?.id),
  });
}

export function useRun(id: number) {
  return useQuery({
    queryKey: [...keys.runs, "one", id],
    queryFn: () => call<api.Run>("GET", `synchronization/runs/${id}`),
  });
}

export function useRunUpdates(id: number, change: api.Change, offset: number) {
  return useQuery({
    queryKey: [...keys.runs, "updates", id, change, offset],
    queryFn: () =>
      call<{ total: number; updates: api.RunUpdate[] }>(
        "GET",
        `synchronization/runs/${id}/updates${query({ change, offset, limit: pageOfUpdates })}`,
      ),
    placeholderData: (previous) => previous,
  });
}

export function useOptions() {
  return useQuery({
    queryKey: keys.options,
    queryFn: () => call<api.SyncOptions>("GET", "options/synchronization"),
  });
}

export function useSaveOptions() {
  const client = useQueryClient();
  return useMutation<api.SyncOptions, Error, api.SyncOptionsChange>({
    mutationFn: (change) => call("PUT", "options/synchronization", change),
    onSuccess: (options) => {
      client.setQueryData(keys.options, options);
      void client.invalidateQueries({ queryKey: keys.synchronization });
      void client.invalidateQueries({ queryKey: keys.categories });
    },
  });
}

export function useTestOptions() {
  return useMutation<{ checks: api.CheckReport[] }, Error, api.SyncOptionsChange>({
    mutationFn: (change) => call("POST", "options/synchronization/test", change),
  });
}

export function useProducts() {
  return useQuery({
    queryKey: [...keys.categories, "products"],
    queryFn: async () => (await call<{ products: api.Category[] }>("GET", "products")).products,
  });
}

export function useClassifications() {
  return useQuery({
    queryKey: [...keys.categories, "classifications"],
    queryFn: async () => (await call<{ classifications: api.Category[] }>("GET", "classifications")).classifications,
  });
}

export function useCheckNames() {
  return useQuery({
    queryKey: keys.checks,
    queryFn: async () => (await call<{ checks: api.CheckName[] }>("GET", "doctor")).checks,
    staleTime: Infinity,
  });
}

export function runCheck(name: string, fix: boolean, signal: AbortSignal): Promise<api.CheckReport> {
  return call("POST", `doctor/checks/${encodeURIComponent(name)}`, fix ? { fix } : {}, signal);
}

export function useEvents(severity: string, number: string) {
  return useInfiniteQuery({
    queryKey: [...keys.events, "list", severity, number],
    queryFn: ({ pageParam }) =>
      call<{ events: api.ServerEvent[]; last_id: number }>(
        "GET",
        `events${query({ limit: pageOfEvents, before: pageParam, severity, number })}`,
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.events.length < pageOfEvents ? undefined : last.events.at(-1)?.id),
  });
}

export function useEvent(id: number) {
  return useQuery({
    queryKey: [...keys.events, "one", id],
    queryFn: async () => {
      const { events } = await call<{ events: api.ServerEvent[] }>("GET", `events${query({ before: id + 1, limit: 1 })}`);
      return events.find((event) => event.id === id) ?? null;
    },
    staleTime: Infinity,
  });
}

/** The number of the newest event, as the stream tells it; 0 before it told. */
export function useLastEvent(): number {
  const { data } = useQuery({ queryKey: keys.lastEvent, queryFn: () => 0, enabled: false, staleTime: Infinity });
  return data ?? 0;
}

export function useHealth() {
  return useQuery({
    queryKey: keys.health,
    queryFn: async () => (await call<{ conditions: api.Condition[] }>("GET", "health")).conditions,
  });
}

export function useCheckHealth() {
  return useChange<unknown, void>([keys.health], () => call("POST", "health"));
}

/** The queue changes by itself: it is asked for again and again while it is seen. */
export function useTransfers() {
  return useQuery({
    queryKey: keys.transfers,
    queryFn: () => call<api.Transfers>("GET", `transfers${query({ limit: pageOfTransfers })}`),
    refetchInterval: transfersEvery,
  });
}

/** Updates whose files could not be had; `failed` is the number of such files, and asks anew when it changes. */
export function useFailingUpdates(failed: number) {
  return useQuery({
    queryKey: [...keys.failing, failed],
    queryFn: () =>
      call<{ total: number; updates: api.UpdateRow[] }>(
        "GET",
        `updates${query({ content: "failed", state: "any", limit: pageOfUpdates })}`,
      ),
    placeholderData: (previous) => previous,
    // A file that is tried again counts as failed no more, and keeps its mark until it came.
    refetchInterval: ({ state }) => (state.data !== undefined && state.data.total > 0 ? transfersEvery : false),
  });
}

export function useOrderTransfers() {
  return useChange<unknown, api.TransferOrder>([keys.transfers, keys.failing], ({ verb, ...order }) =>
    call("POST", `transfers/${verb}`, order),
  );
}

export function useTransferService() {
  return useChange<unknown, "start" | "stop" | "pause">([keys.transfers], (action) =>
    call("POST", "transfers/service", { action }),
  );
}

export function useUsers() {
  return useQuery({
    queryKey: keys.users,
    queryFn: async () => (await call<{ users: api.User[] }>("GET", "users")).users,
  });
}

export function useAddUser() {
  return useChange<unknown, { name: string; role: api.Role; password: string }>([keys.users], (user) =>
    call("POST", "users", user),
  );
}

export function useChangeUser() {
  return useChange<unknown, { name: string; role?: api.Role; password?: string }>([keys.users], ({ name, ...change }) =>
    call("PUT", `users/${encodeURIComponent(name)}`, change),
  );
}

export function useRemoveUser() {
  return useChange<unknown, string>([keys.users], (name) => call("DELETE", `users/${encodeURIComponent(name)}`));
}

export function useChangePassword() {
  return useMutation<null, Error, { old: string; new: string }>({
    mutationFn: (passwords) => call("PUT", "session/password", passwords),
  });
}

/** A call after which these queries are asked again. */
function useChange<Answer, Input>(
  changed: readonly (readonly string[])[],
  mutationFn: (input: Input) => Promise<Answer>,
): UseMutationResult<Answer, Error, Input> {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => Promise.all(changed.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
