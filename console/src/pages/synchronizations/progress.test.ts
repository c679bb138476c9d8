import { describe, expect, it } from "vitest";
import { progressFigures } from "./progress";

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();

describe("progress", () => {
  it("has a share, a rate and the time that is left", () => {
    expect(progressFigures({ done: 250, total: 1000, stage_started: at(0), now: at(10) })).toEqual({
      share: 0.25,
      perSecond: 25,
      secondsLeft: 30,
    });
  });

  it("has no share where the total is unknown", () => {
    expect(progressFigures({ done: 5, total: 0, stage_started: at(0), now: at(10) })).toEqual({
      share: null,
      perSecond: 0.5,
      secondsLeft: null,
    });
  });

  it("tells no rate in the first second, nor before anything is done", () => {
    expect(progressFigures({ done: 5, total: 9, stage_started: at(0), now: at(0) }).perSecond).toBeNull();
    expect(progressFigures({ done: 0, total: 9, stage_started: at(0), now: at(50) }).perSecond).toBeNull();
    expect(progressFigures({ done: 5, total: 9, stage_started: null, now: at(50) }).perSecond).toBeNull();
  });

  it("is never over the whole, nor longer than over", () => {
    expect(progressFigures({ done: 12, total: 10, stage_started: at(0), now: at(10) })).toEqual({
      share: 1,
      perSecond: 1.2,
      secondsLeft: null,
    });
  });
});
