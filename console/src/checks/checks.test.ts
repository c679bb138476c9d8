import { describe, expect, it } from "vitest";
import type { CheckReport } from "../api/types";
import { afterStep, checksAsText, countDone, summaryOf, type CheckItem, type CheckStep } from "./checks";

const names = [
  { name: "proxy", title: "The proxy server" },
  { name: "clock", title: "The clock" },
];

function report(name: string, state: CheckReport["state"], more: Partial<CheckReport> = {}): CheckReport {
  return { name, title: name, state, finding: `${name} is ${state}`, evidence: [], remedy: "", fixable: false, seconds: 0, ...more };
}

function after(...steps: CheckStep[]): CheckItem[] {
  return steps.reduce(afterStep, [] as CheckItem[]);
}

const statesOf = (items: CheckItem[]) => items.map((item) => item.state);

describe("checks that run", () => {
  it("wait, run and report one after the other", () => {
    const begun = after({ kind: "begin", checks: names });
    expect(statesOf(begun)).toEqual(["waiting", "waiting"]);
    const running = afterStep(begun, { kind: "started", name: "proxy" });
    expect(statesOf(running)).toEqual(["running", "waiting"]);
    expect(countDone(running)).toBe(0);
    const one = afterStep(running, { kind: "reported", report: report("proxy", "error") });
    expect(statesOf(one)).toEqual(["error", "waiting"]);
    expect(countDone(one)).toBe(1);
  });

  it("that cannot be run say why, and count as errors", () => {
    const items = after({ kind: "begin", checks: names }, { kind: "broken", name: "clock", reason: "busy" });
    expect(items[1]?.broken).toBe("busy");
    expect(summaryOf(items)).toBe("1 error");
  });

  it("keep what they reported when they are stopped in the middle of a repetition", () => {
    const items = after(
      { kind: "begin", checks: names },
      { kind: "reported", report: report("proxy", "warning") },
      { kind: "started", name: "proxy" },
      { kind: "stopped" },
    );
    expect(statesOf(items)).toEqual(["warning"]);
  });

  it("are summed up in words", () => {
    const begun: CheckStep = { kind: "begin", checks: names };
    const ok = { kind: "reported", report: report("clock", "ok") } as const;
    expect(summaryOf(after(begun, { kind: "reported", report: report("proxy", "skipped") }, ok))).toMatch(/in order/);
    expect(summaryOf(after(begun, { kind: "reported", report: report("proxy", "warning") }, ok))).toBe("1 warning");
    const skipped: CheckStep = { kind: "reported", report: report("proxy", "skipped") };
    expect(summaryOf(after({ kind: "begin", checks: names.slice(0, 1) }, skipped))).toMatch(/Nothing of this concerns/);
  });

  it("are told as a text with evidence and remedy", () => {
    const proxy = report("proxy", "error", { evidence: ["user x", "code net.proxy_login"], remedy: "Set the password." });
    const items = after(
      { kind: "begin", checks: names },
      { kind: "reported", report: proxy },
      { kind: "broken", name: "clock", reason: "Too many requests." },
    );
    expect(checksAsText("Doctor", items)).toBe(
      [
        "Doctor",
        "",
        "[Error] The proxy server",
        "proxy is error",
        "  user x",
        "  code net.proxy_login",
        "What to do: Set the password.",
        "",
        "[Could not run] The clock",
        "Too many requests.",
      ].join("\n"),
    );
  });
});
