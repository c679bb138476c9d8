import type { CheckName, CheckReport } from "../api/types";
import { texts } from "../texts";

// What is known of checks that run one after the other. Pure.

export interface CheckItem extends CheckName {
  state: "waiting" | "running" | CheckReport["state"] | "broken";
  /** Of the last time it ran. */
  report: CheckReport | null;
  /** Why it could not be run at all. */
  broken: string;
}

export type CheckStep =
  | { kind: "begin"; checks: CheckName[] }
  | { kind: "started"; name: string }
  | { kind: "reported"; report: CheckReport }
  | { kind: "broken"; name: string; reason: string }
  | { kind: "stopped" };

function change(items: CheckItem[], name: string, next: Partial<CheckItem>): CheckItem[] {
  return items.map((item) => (item.name === name ? { ...item, ...next } : item));
}

export function afterStep(items: CheckItem[], step: CheckStep): CheckItem[] {
  switch (step.kind) {
    case "begin":
      return step.checks.map(({ name, title }) => ({ name, title, state: "waiting", report: null, broken: "" }));
    case "started":
      return change(items, step.name, { state: "running" });
    case "reported":
      return change(items, step.report.name, { state: step.report.state, report: step.report, broken: "" });
    case "broken":
      return change(items, step.name, { state: "broken", broken: step.reason });
    case "stopped":
      // What had no time to answer has its last answer still, or has none.
      return items
        .map((item) => (item.state === "running" && item.report ? { ...item, state: item.report.state } : item))
        .filter((item) => item.state !== "running" && item.state !== "waiting");
  }
}

export function countDone(items: CheckItem[]): number {
  return items.filter((item) => item.state !== "waiting" && item.state !== "running").length;
}

export function summaryOf(items: CheckItem[]): string {
  if (items.every((item) => item.state === "skipped")) {
    return texts.checks.allSkipped;
  }
  const count = (states: CheckItem["state"][]) => items.filter((item) => states.includes(item.state)).length;
  return texts.checks.summary(count(["error", "broken"]), count(["warning"]));
}

/** For a mail or a ticket. */
export function checksAsText(heading: string, items: CheckItem[]): string {
  const lines = [heading];
  for (const { title, state, report, broken } of items) {
    lines.push("", `[${texts.checks.states[state]}] ${title}`);
    const said = report === null ? [broken] : [report.finding, ...report.evidence.map((line) => `  ${line}`)];
    lines.push(...said.filter((line) => line !== ""));
    if (report !== null && report.remedy !== "") {
      lines.push(`${texts.remedy}: ${report.remedy}`);
    }
  }
  return lines.join("\n");
}
