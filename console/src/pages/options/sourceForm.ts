import type { SyncOptions, SyncOptionsChange } from "../../api/types";
import { texts } from "../../texts";
import { numberIn } from "./numbers";

// What stands in the fields of "Update Source and Proxy Server", and what is sent. Pure.

export interface SourceForm {
  source: SyncOptions["source"];
  upstream: string;
  contentFrom: SyncOptions["content_from"];
  parallel: string;
  proxyEnabled: boolean;
  server: string;
  port: string;
  user: string;
  domain: string;
  /** Never comes from the server; empty keeps what is stored. */
  password: string;
  forgetPassword: boolean;
  allowBasic: boolean;
  tlsOwn: boolean;
  tlsServer: string;
  tlsPort: string;
  /** One a line. */
  bypass: string;
}

export type SourceErrors = Partial<Record<keyof SourceForm, string>>;

export function sourceFormOf(options: SyncOptions): SourceForm {
  const { proxy } = options;
  return {
    source: options.source,
    upstream: options.upstream,
    contentFrom: options.content_from,
    parallel: String(options.parallel_requests),
    proxyEnabled: proxy.enabled,
    server: proxy.server,
    port: String(proxy.port),
    user: proxy.user,
    domain: proxy.domain,
    password: "",
    forgetPassword: false,
    allowBasic: proxy.allow_basic,
    tlsOwn: proxy.tls !== null,
    tlsServer: proxy.tls?.server ?? "",
    tlsPort: String(proxy.tls?.port ?? proxy.port),
    bypass: proxy.bypass.join("\n"),
  };
}

export function sourceErrors(form: SourceForm): SourceErrors {
  const errors: SourceErrors = {};
  if (form.source === "server" && form.upstream !== "" && !/^https?:\/\/[^\s/?#]+/i.test(form.upstream.trim())) {
    errors.upstream = texts.source.addressInvalid;
  }
  if (numberIn(form.parallel, 1, 16) === null) {
    errors.parallel = texts.source.parallelInvalid;
  }
  if (!form.proxyEnabled) {
    return errors;
  }
  const endpoint = (server: "server" | "tlsServer", port: "port" | "tlsPort") => {
    if (form[server].trim() === "") {
      errors[server] = texts.proxy.serverNeeded;
    }
    if (numberIn(form[port], 1, 65535) === null) {
      errors[port] = texts.proxy.portInvalid;
    }
  };
  endpoint("server", "port");
  if (form.tlsOwn) {
    endpoint("tlsServer", "tlsPort");
  }
  return errors;
}

function proxyChange(form: SourceForm): NonNullable<SyncOptionsChange["proxy"]> {
  const port = numberIn(form.port, 1, 65535);
  const tlsPort = numberIn(form.tlsPort, 1, 65535);
  return {
    enabled: form.proxyEnabled,
    server: form.server.trim(),
    ...(port !== null && { port }),
    user: form.user.trim(),
    domain: form.domain.trim(),
    ...(form.forgetPassword ? { password: "" } : form.password !== "" && { password: form.password }),
    allow_basic: form.allowBasic,
    tls: form.tlsOwn && tlsPort !== null ? { server: form.tlsServer.trim(), port: tlsPort } : null,
    bypass: form.bypass
      .split(/[\n,]/)
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  };
}

export function sourceChange(form: SourceForm): SyncOptionsChange {
  const parallel = numberIn(form.parallel, 1, 16);
  return {
    source: form.source,
    upstream: form.upstream.trim(),
    content_from: form.contentFrom,
    ...(parallel !== null && { parallel_requests: parallel }),
    proxy: proxyChange(form),
  };
}
