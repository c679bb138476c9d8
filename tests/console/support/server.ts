import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Process, run } from "./process";

export const program = process.env["HEADWATER_PROGRAM"] ?? "";

export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), "headwater-console-"));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** `headwater serve` with a data folder of its own. */
export class Server {
  private constructor(
    private readonly process: Process,
    readonly data: string,
    /** As "http://127.0.0.1:8532/". */
    readonly console: string,
    /** Where downstream servers come to. */
    readonly agents: string,
  ) {}

  static async start(data: string): Promise<Server> {
    const process = new Process(program, [
      ...["serve", "--data", data, "--address", "127.0.0.1", "--port", "0", "--admin-port", "0"],
    ]);
    const agents = await process.says(/downstream servers: (http:\/\/127\.0\.0\.1:\d+)/);
    const console = await process.says(/Console: (http:\/\/127\.0\.0\.1:\d+\/)/);
    return new Server(process, data, console, agents);
  }

  /** One with a generated catalog, from which others can synchronize. */
  static startUpstream(folder: string, updates: number): Promise<Server> {
    const data = join(folder, "upstream");
    run(program, ["sample-catalog", "--updates", String(updates), "--seed", "3", "--data", data]);
    return Server.start(data);
  }

  /** What the log gives to whoever may become the first administrator. */
  setupCode(): Promise<string> {
    return this.process.says(/one-time code: (\S+)/);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
