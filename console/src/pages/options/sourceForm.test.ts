import { describe, expect, it } from "vitest";
import type { SyncOptions } from "../../api/types";
import { sourceChange, sourceErrors, sourceFormOf } from "./sourceForm";

const options: SyncOptions = {
  source: "server",
  upstream: "http://wsus.corp.example:8530",
  content_from: "upstream",
  proxy: {
    enabled: true,
    server: "proxy.corp.example",
    port: 3128,
    user: "sync",
    domain: "CORP",
    has_password: true,
    allow_basic: false,
    tls: null,
    bypass: ["10.*", "<local>"],
  },
  schedule: { mode: "manual", first_time: "03:00", per_day: 1, random_minutes: 30 },
  history_days: 180,
  products: { all: false, ids: [] },
  classifications: { all: false, ids: [] },
  languages: [],
  parallel_requests: 4,
};
const form = sourceFormOf(options);

describe("the form of the update source", () => {
  it("sends back what it was given, and no password", () => {
    const { has_password: _, ...proxy } = options.proxy;
    expect(sourceErrors(form)).toEqual({});
    expect(sourceChange(form)).toEqual({
      source: "server",
      upstream: options.upstream,
      content_from: "upstream",
      parallel_requests: 4,
      proxy,
    });
  });

  it("sends a password that was typed, and an empty one only to forget it", () => {
    expect(sourceChange({ ...form, password: "s3cret" }).proxy?.password).toBe("s3cret");
    expect(sourceChange({ ...form, password: "s3cret", forgetPassword: true }).proxy?.password).toBe("");
  });

  it("takes addresses without the proxy from lines or commas", () => {
    expect(sourceChange({ ...form, bypass: " *.corp.example,10.* \n\n<local>" }).proxy?.bypass).toEqual([
      "*.corp.example",
      "10.*",
      "<local>",
    ]);
  });

  it("sends a proxy of its own for TLS, or that there is none", () => {
    const own = { ...form, tlsOwn: true, tlsServer: "tls.corp.example", tlsPort: "3129" };
    expect(sourceChange(own).proxy?.tls).toEqual({ server: "tls.corp.example", port: 3129 });
    expect(sourceChange({ ...own, tlsOwn: false }).proxy?.tls).toBeNull();
  });

  it.each(["wsus.corp.example", "ftp://x", "http://", "http:// x"])("refuses %s as an address", (upstream) => {
    expect(sourceErrors({ ...form, upstream }).upstream).toBeDefined();
  });

  it("asks nothing of the fields of a proxy that is not used", () => {
    const broken = { ...form, server: "", port: "no" };
    expect(Object.keys(sourceErrors(broken))).toEqual(["server", "port"]);
    expect(sourceErrors({ ...broken, proxyEnabled: false })).toEqual({});
  });

  it.each(["0", "65536", "-1", "3.5", "", "1e3"])("refuses %j as a port", (port) => {
    expect(sourceErrors({ ...form, port }).port).toBeDefined();
  });
});
