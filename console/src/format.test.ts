import { describe, expect, it } from "vitest";
import { formatBytes, formatCount, formatDuration, formatTime, secondsBetween } from "./format";

describe("durations", () => {
  it.each([
    [0, "0 ms"],
    [0.000051, "0 ms"],
    [0.0137, "14 ms"],
    [0.9994, "999 ms"],
    [0.9996, "1.0 s"],
    [9.94, "9.9 s"],
    [9.96, "10 s"],
    [59.4, "59 s"],
    [59.6, "1 min"],
    [725, "12 min 5 s"],
    [3600, "1 h"],
    [7800, "2 h 10 min"],
    [86399.7, "1 d"],
    [273600, "3 d 4 h"],
  ])("%s seconds are %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it("are nothing where there is no figure", () => {
    expect(formatDuration(Number.NaN)).toBe("");
    expect(formatDuration(-1)).toBe("");
    expect(formatDuration(Infinity)).toBe("");
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [79069, "77.2 KiB"],
    [1024 * 1024 - 1, "1.0 MiB"],
    [5 * 1024 ** 4, "5.0 TiB"],
    [5000 * 1024 ** 4, "5000.0 TiB"],
  ])("%s are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("times", () => {
  it("are local, sortable, with seconds where they are asked for", () => {
    const local = new Date(2026, 10, 6, 4, 5, 9).toISOString();
    expect(formatTime(local)).toBe("2026-11-06 04:05");
    expect(formatTime(local, true)).toBe("2026-11-06 04:05:09");
  });

  it("that are none give nothing", () => {
    expect(formatTime(null)).toBe("");
    expect(formatTime("tomorrow")).toBe("");
  });

  it("have a difference in seconds, also over fractions", () => {
    expect(secondsBetween("2026-11-26T14:41:21.250Z", "2026-11-26T14:41:22Z")).toBe(0.75);
    expect(secondsBetween("2026-11-26T14:41:22Z", "2026-11-26T14:41:21Z")).toBe(-1);
  });
});

it("counts are grouped by thousands", () => {
  expect(formatCount(1234567)).toBe("1,234,567");
});
