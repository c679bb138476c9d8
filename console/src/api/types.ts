// The JSON of /api/v1, as docs/api.md lists it. Times are texts of ISO 8601 in UTC.

export type Role = "administrator" | "reporter";

export interface Session {
  signed_in: boolean;
  setup_needed: boolean;
  user: { name: string; role: Role } | null;
  /** Told to whoever is signed in. */
  version: string | null;
  csrf: string | null;
}

export interface User {
  name: string;
  role: Role;
  created: string;
  last_sign_in: string | null;
}

export interface Retry {
  at: string;
  attempt: number;
  of: number;
  reason: string;
}

export interface Synchronization {
  version: number;
  run_id: number;
  running: boolean;
  stage: string;
  done: number;
  total: number;
  requests: number;
  bytes: number;
  started: string | null;
  stage_started: string | null;
  now: string;
  result: string;
  error: string;
  next_run: string | null;
  retry: Retry | null;
}

export type RunKind = "manual" | "scheduled" | "retry";
export type RunResult = "running" | "succeeded" | "failed" | "cancelled" | "interrupted";
export type Change = "new" | "revised" | "expired";

export interface RunStage {
  stage: string;
  seconds: number;
  requests: number;
}

export interface RunError {
  code: string;
  message: string;
  remedy: string;
  causes: string[];
  stage: string;
  request: string;
}

export interface Run {
  id: number;
  kind: RunKind;
  upstream: string;
  started: string;
  ended: string | null;
  result: RunResult;
  new_updates: number;
  revised_updates: number;
  expired_updates: number;
  revisions: number;
  requests: number;
  bytes: number;
  stages: RunStage[] | null;
  error: RunError | null;
  /** The doctor's checks that are worth running for this error, in order. */
  checks: string[];
}

export interface RunUpdate {
  update_id: string;
  revision_number: number;
  title: string;
  change: Change;
}

export interface Endpoint {
  server: string;
  port: number;
}

export interface Proxy extends Endpoint {
  enabled: boolean;
  user: string;
  domain: string;
  has_password: boolean;
  allow_basic: boolean;
  tls: Endpoint | null;
  bypass: string[];
}

export interface Schedule {
  mode: "manual" | "daily";
  first_time: string;
  per_day: number;
  random_minutes: number;
}

export interface Choice {
  all: boolean;
  ids: string[];
}

export interface SyncOptions {
  source: "server" | "microsoft";
  upstream: string;
  content_from: "upstream" | "microsoft";
  proxy: Proxy;
  schedule: Schedule;
  history_days: number;
  products: Choice;
  classifications: Choice;
  languages: string[];
  parallel_requests: number;
}

/** A change of some options: what is absent stays as it is; an empty password removes it. */
export type SyncOptionsChange = Partial<Omit<SyncOptions, "proxy">> & {
  proxy?: Partial<Omit<Proxy, "has_password">> & { password?: string };
};

export interface Category {
  id: string;
  title: string;
  type: "company" | "product_family" | "product" | "classification" | "none";
  parent: string | null;
  chosen: boolean;
  updates: number;
}

export interface CheckName {
  name: string;
  title: string;
}

export type CheckState = "ok" | "warning" | "error" | "skipped";

export interface CheckReport extends CheckName {
  state: CheckState;
  finding: string;
  evidence: string[];
  remedy: string;
  fixable: boolean;
  seconds: number;
}

export type Severity = "information" | "warning" | "error";

export interface ServerEvent {
  id: number;
  number: number;
  name: string;
  time: string;
  severity: Severity;
  text: string;
  evidence: string[];
  remedy: string;
  over: boolean;
}

export type FileReason =
  | "late"
  | "not_on_upstream"
  | "denied"
  | "wrong_content"
  | "no_space"
  | "network"
  | "upstream"
  | "no_source"
  | "folder";

/** Of an update whose files could not be had. */
export interface ContentMark {
  state: "failed";
  reason: FileReason | null;
  since: string;
  error: string;
  files: number;
}

export interface UpdateRow {
  id: string;
  title: string;
  kb: string;
  content: ContentMark | null;
}

export type TransferService = "running" | "paused" | "stopped";
export type TransferState = "waiting" | "paused" | "failed" | "cancelled";

export interface TransferFile {
  sha1: string;
  name: string;
  size: number;
  state: TransferState;
  attempts: number;
  error: string;
  reason: FileReason | null;
  failing_since: string | null;
  deadline: string | null;
  url: string;
  changed: string;
  active: boolean;
  transferred: number;
  rate: number;
}

export interface Transfers {
  service: TransferService;
  waiting: number;
  waiting_bytes: number;
  failed: number;
  paused: number;
  cancelled: number;
  rate: number;
  limit: number;
  disk_full: boolean;
  files: TransferFile[];
}

/** What an order to the transfer service is about: all files, or those of some updates, or some files. */
export interface TransferOrder {
  verb: "pause" | "resume" | "cancel" | "retry";
  all?: boolean;
  files?: string[];
  updates?: string[];
  decline?: boolean;
}

export interface Condition {
  number: number;
  name: string;
  severity: Severity;
  since: string;
  text: string;
  evidence: string[];
  remedy: string;
}
