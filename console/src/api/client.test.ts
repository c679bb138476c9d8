import { afterEach, describe, expect, it, vi } from "vitest";
import { call, query, setCsrf } from "./client";
import { Problem } from "./problem";

function answer(response: Response | Error) {
  const fetched = vi.fn<typeof fetch>(() =>
    response instanceof Error ? Promise.reject(response) : Promise.resolve(response),
  );
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

function headersOf(fetched: ReturnType<typeof answer>): Record<string, string> {
  return fetched.mock.calls[0]?.[1]?.headers as Record<string, string>;
}

afterEach(() => {
  vi.unstubAllGlobals();
  setCsrf(null);
});

describe("a call", () => {
  it("answers with the JSON", async () => {
    const fetched = answer(new Response('{"run_id":3}', { status: 202 }));
    expect(await call("POST", "synchronization", {})).toEqual({ run_id: 3 });
    expect(fetched.mock.calls[0]?.[0]).toBe("/api/v1/synchronization");
  });

  it("answers with null where there is no content", async () => {
    answer(new Response(null, { status: 204 }));
    expect(await call("DELETE", "session")).toBeNull();
  });

  it("that changes something carries the session's token, and one that reads does not", async () => {
    setCsrf("t0ken");
    expect(headersOf(await fetchedBy("PUT"))["X-Headwater-CSRF"]).toBe("t0ken");
    expect(headersOf(await fetchedBy("GET"))["X-Headwater-CSRF"]).toBeUndefined();
  });

  it("throws the problem that the server tells", async () => {
    answer(new Response('{"type":"urn:headwater:error:session.none","title":"Sign in."}', { status: 401 }));
    await expect(call("GET", "status")).rejects.toMatchObject({ status: 401, code: "session.none", message: "Sign in." });
  });

  it("without an answer is a problem too", async () => {
    answer(new TypeError("Failed to fetch"));
    const problem: unknown = await call("GET", "status").catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ status: 0, code: "console.no_answer", causes: ["TypeError: Failed to fetch"] });
  });

  it("that was given up stays an abort", async () => {
    const abort = new AbortController();
    abort.abort();
    answer(new DOMException("Aborted", "AbortError"));
    await expect(call("GET", "status", undefined, abort.signal)).rejects.toMatchObject({ name: "AbortError" });
  });
});

async function fetchedBy(method: "GET" | "PUT") {
  const fetched = answer(new Response("{}"));
  await call(method, "options/synchronization");
  return fetched;
}

it("a query has what is there, escaped", () => {
  expect(query({ limit: 50, before: undefined, severity: "", text: "a&b" })).toBe("?limit=50&text=a%26b");
  expect(query({})).toBe("");
});
