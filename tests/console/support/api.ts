import { expect, type APIRequestContext } from "@playwright/test";

/** The API with the session of a browser: what a test needs, and is not about, is done by it. */
export class Api {
  private csrf = "";

  constructor(
    private readonly request: APIRequestContext,
    private readonly console: string,
  ) {}

  async setUp(code: string, user: { name: string; password: string }): Promise<void> {
    const session = (await this.call("POST", "setup", { code, ...user })) as { csrf: string };
    this.csrf = session.csrf;
  }

  async call(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown> {
    const answer = await this.request.fetch(`${this.console}api/v1/${path}`, {
      method,
      headers: { "X-Headwater-CSRF": this.csrf },
      ...(body !== undefined && { data: body }),
    });
    const text = await answer.text();
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`).toBe(true);
    return text === "" ? null : JSON.parse(text);
  }

  /** Synchronizes, and waits for the end. */
  async synchronize(): Promise<{ result: string }> {
    const { run_id: id } = (await this.call("POST", "synchronization", {})) as { run_id: number };
    let run = { result: "running" };
    while (run.result === "running") {
      await this.call("GET", "synchronization?after=0&wait=100");
      run = (await this.call("GET", `synchronization/runs/${id}`)) as typeof run;
    }
    return run;
  }
}
