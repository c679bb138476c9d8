import { texts } from "../texts";
import { Problem, readProblem } from "./problem";

const root = "/api/v1/";

/** Belongs to the session; set whenever the session is read. */
let csrf: string | null = null;

export function setCsrf(token: string | null): void {
  csrf = token;
}

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** One call of the API. Throws a Problem. Without content the answer is null. */
export async function call<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  if (method !== "GET" && csrf !== null) {
    headers["X-Headwater-CSRF"] = csrf;
  }
  let response: Response;
  let text: string;
  try {
    response = await fetch(root + path, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }
    throw new Problem(0, "console.no_answer", texts.problems.noAnswer, texts.problems.noAnswerRemedy, [String(error)]);
  }
  if (!response.ok) {
    throw readProblem(response.status, response.statusText, text);
  }
  return (text === "" ? null : JSON.parse(text)) as T;
}

/** "a=1&b=x" of what is there. */
export function query(parameters: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") {
      search.set(name, String(value));
    }
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}
