import { describe, expect, it } from "vitest";
import { readProblem } from "./problem";

describe("an answer that is no success", () => {
  it("gives code, sentence, remedy and causes of a problem document", () => {
    const problem = readProblem(
      409,
      "Conflict",
      '{"type":"urn:headwater:error:sync.running","title":"It runs.","status":409,"detail":"Wait.","causes":["a",1,"b"]}',
    );
    expect(problem.status).toBe(409);
    expect(problem.code).toBe("sync.running");
    expect(problem.message).toBe("It runs.");
    expect(problem.remedy).toBe("Wait.");
    expect(problem.causes).toEqual(["a", "b"]);
  });

  it.each(["", "<html>Bad gateway</html>", "null", "[1]", '"text"'])("of body %j is told by its status", (body) => {
    const problem = readProblem(502, "Bad Gateway", body);
    expect(problem.code).toBe("");
    expect(problem.message).toBe("HTTP 502 Bad Gateway");
    expect(problem.causes).toEqual([]);
  });

  it("of a foreign type has no code of ours", () => {
    expect(readProblem(400, "", '{"type":"about:blank","title":"Bad"}').code).toBe("");
  });
});
