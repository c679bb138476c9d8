import { describe, expect, it } from "vitest";
import { linkTo, parseRoute } from "./routing";

describe("a place", () => {
  it("is a path and a query", () => {
    const route = parseRoute("#/synchronizations/12/updates?change=new&page=2");
    expect(route.path).toEqual(["synchronizations", "12", "updates"]);
    expect(route.query.get("change")).toBe("new");
    expect(route.query.get("page")).toBe("2");
  });

  it("is the start page without a hash", () => {
    expect(parseRoute("").path).toEqual([]);
    expect(parseRoute("#/").path).toEqual([]);
  });

  it("is read back from its link, whatever stands in it", () => {
    const route = parseRoute(linkTo(["users", "a/b %?#"], { at: "x&y", none: undefined }));
    expect(route.path).toEqual(["users", "a/b %?#"]);
    expect([...route.query]).toEqual([["at", "x&y"]]);
  });

  it("with a broken escape is taken as it is", () => {
    expect(parseRoute("#/%E0%A4%A").path).toEqual(["%E0%A4%A"]);
  });
});
