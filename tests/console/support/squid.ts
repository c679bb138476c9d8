import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, listening, Process } from "./process";

export const squid = "/usr/sbin/squid";
export const hasSquid = existsSync(squid);

// One user and his password, as squid asks for them.
const helper = `
import sys, urllib.parse
for line in sys.stdin:
    login = [urllib.parse.unquote(part) for part in line.split()[:2]]
    print("OK" if login == ["sync", "s3cret of the proxy"] else "ERR", flush=True)
`;

export const proxyUser = "sync";
export const proxyPassword = "s3cret of the proxy";

/** A real proxy that wants a login (Basic). */
export class Squid {
  private constructor(
    private readonly process: Process,
    readonly port: number,
  ) {}

  static async start(folder: string): Promise<Squid> {
    // squid gives up its rights, and must read these as another user.
    chmodSync(folder, 0o755);
    const home = join(folder, "squid");
    mkdirSync(home);
    chmodSync(home, 0o777);
    const script = join(home, "login.py");
    writeFileSync(script, helper, { mode: 0o644 });
    const port = await freePort();
    const config = join(home, "squid.conf");
    writeFileSync(
      config,
      `http_port 127.0.0.1:${port}
auth_param basic program /usr/bin/python3 ${script}
auth_param basic children 1
auth_param basic realm updates
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
cache deny all
access_log none
cache_log ${home}/cache.log
pid_filename none
shutdown_lifetime 0 seconds
netdb_filename none
coredump_dir ${home}
`,
    );
    const process = new Process(squid, ["-N", "-f", config]);
    await listening(port, process);
    return new Squid(process, port);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
