/** What a call failed with: a problem document (RFC 9457), or that there was no answer at all. */
export class Problem extends Error {
  constructor(
    /** HTTP status; 0 where the server did not answer. */
    readonly status: number,
    /** As "session.none"; empty where the answer was no problem document. */
    readonly code: string,
    title: string,
    readonly remedy: string,
    readonly causes: readonly string[],
  ) {
    super(title);
    this.name = "Problem";
  }
}

const codePrefix = "urn:headwater:error:";

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** Reads the body of an answer that is no success; what is not a problem document becomes one. */
export function readProblem(status: number, statusText: string, body: string): Problem {
  let document: unknown = null;
  try {
    document = JSON.parse(body);
  } catch {
    // A proxy between browser and server answers with HTML: the status is all there is.
  }
  const fields = (typeof document === "object" && document !== null ? document : {}) as Record<string, unknown>;
  const type = typeof fields["type"] === "string" ? fields["type"] : "";
  const title = typeof fields["title"] === "string" ? fields["title"] : `HTTP ${status} ${statusText}`.trim();
  return new Problem(
    status,
    type.startsWith(codePrefix) ? type.slice(codePrefix.length) : "",
    title,
    typeof fields["detail"] === "string" ? fields["detail"] : "",
    texts(fields["causes"]),
  );
}
