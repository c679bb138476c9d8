import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createConnection, createServer } from "node:net";

/** Runs a program to its end; throws with what it said where it fails. */
export function run(program: string, args: string[]): string {
  const done = spawnSync(program, args, { encoding: "utf8" });
  if (done.status !== 0) {
    throw new Error(`${program} ${args.join(" ")}: ${done.error ?? ""}${done.stdout}${done.stderr}`);
  }
  return done.stdout;
}

/** A program that runs beside the test, and what it says. */
export class Process {
  private readonly child: ChildProcess;
  private said = "";
  private readonly listeners = new Set<() => void>();

  constructor(program: string, args: string[]) {
    this.child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (data: Buffer) => {
        this.said += data.toString();
        this.tell();
      });
    }
    this.child.on("exit", () => this.tell());
  }

  private tell(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get output(): string {
    return this.said;
  }

  /** The first group of what it says. */
  says(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(this.said);
        if (found !== null || this.ended) {
          this.listeners.delete(look);
          if (found === null) {
            reject(new Error(`It ended without ${pattern}: ${this.said}`));
          } else {
            resolve(found[1] ?? found[0]);
          }
        }
      };
      this.listeners.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    if (!this.ended) {
      const exited = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.kill("SIGTERM");
      await exited;
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Until a process listens. */
export async function listening(port: number, process: Process): Promise<void> {
  for (;;) {
    if (process.ended) {
      throw new Error(`It ended before it listened: ${process.output}`);
    }
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, "127.0.0.1");
      socket.on("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => setTimeout(resolve, 20, false));
    });
    if (isOpen) {
      return;
    }
  }
}
