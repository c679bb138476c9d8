import { describe, expect, it } from "vitest";
import { placeOfCheck, placeOfError, placeOfEvent } from "./places";

describe("a remedy leads", () => {
  it.each(["net.proxy_login", "net.proxy_basic", "net.proxy_connect"])("from %s to the proxy", (code) => {
    expect(placeOfError(code)?.link).toBe("#/options/source?at=proxy");
  });

  it.each(["net.resolve", "upstream.denied", "sync.no_upstream"])("from %s to the update source", (code) => {
    expect(placeOfError(code)?.link).toBe("#/options/source");
  });

  it("nowhere from what is not changed in the console", () => {
    expect(placeOfError("sync.documents")).toBeNull();
    expect(placeOfCheck("database", [])).toBeNull();
    expect(placeOfEvent(10041, [])).toBeNull();
  });

  it("from a check by the code in its evidence, before its name", () => {
    expect(placeOfCheck("services", ["user x", "code net.proxy_login"])?.link).toBe("#/options/source?at=proxy");
    expect(placeOfCheck("services", [])?.link).toBe("#/options/source");
    expect(placeOfCheck("parent", [])?.link).toBe("#/options/languages");
  });

  it("from the event of a failure to what mends it, or to the history", () => {
    expect(placeOfEvent(386, ["code: net.proxy_login", "stage: connect"])?.link).toBe("#/options/source?at=proxy");
    expect(placeOfEvent(10021, ["code: sync.documents"])?.link).toBe("#/synchronizations");
  });

  it("from a synchronization that is overdue to the schedule", () => {
    expect(placeOfEvent(10022, [])?.link).toBe("#/options/schedule");
  });
});
