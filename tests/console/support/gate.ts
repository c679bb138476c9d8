import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/**
 * Stands before an upstream and passes on, until it is shut: then answers that bring updates wait for open().
 * So a test sees a synchronization in its middle for as long as it looks.
 */
export class Gate {
  private readonly server: Server;
  private free = 0;
  private shut = false;
  private waiting: (() => void)[] = [];
  port = 0;

  private constructor(private readonly upstream: URL) {
    this.server = createServer((incoming, answer) => void this.pass(incoming, answer));
  }

  static async before(upstream: string): Promise<Gate> {
    const gate = new Gate(new URL(upstream));
    await new Promise<void>((resolve) => gate.server.listen(0, "127.0.0.1", resolve));
    const address = gate.server.address();
    gate.port = typeof address === "object" && address !== null ? address.port : 0;
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Lets so many requests for documents through, and keeps the others. */
  shutAfter(requests: number): void {
    this.free = requests;
    this.shut = true;
  }

  open(): void {
    this.shut = false;
    for (const go of this.waiting.splice(0)) {
      go();
    }
  }

  close(): void {
    this.open();
    this.server.closeAllConnections();
    this.server.close();
  }

  private async pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) {
      parts.push(part as Buffer);
    }
    const body = Buffer.concat(parts);
    if (this.shut && body.includes("GetUpdateData")) {
      this.free -= 1;
      if (this.free < 0) {
        await new Promise<void>((resolve) => this.waiting.push(resolve));
      }
    }
    const { host: _, connection: __, ...headers } = incoming.headers;
    const onward = request(
      {
        host: this.upstream.hostname,
        port: this.upstream.port,
        path: incoming.url ?? "/",
        method: incoming.method ?? "GET",
        headers,
      },
      (answered) => {
        answer.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(answer);
      },
    );
    onward.on("error", () => answer.destroy());
    onward.end(body);
  }
}
