"""Synchronizes through real proxies: squid with Digest and with Basic users, one of whom expires, and tinyproxy.

Usage: proxies.py PROGRAM
"""

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from headwater import Server, free_port, wait_for_port  # noqa: E402

program = sys.argv[1]
SQUID = shutil.which("squid", path="/usr/sbin:/usr/bin")
TINYPROXY = shutil.which("tinyproxy", path="/usr/sbin:/usr/bin")
HELPERS = "/usr/lib/squid"

# Accounts with the day on which they end, as a directory has them: squid asks it for each login.
ACCOUNTS = r'''
import datetime, sys, urllib.parse
for line in sys.stdin:
    user, password = (urllib.parse.unquote(part) for part in line.split()[:2])
    answer = "ERR message=\"unknown user or wrong password\""
    for account in open(sys.argv[1]):
        name, secret, ends = account.split()
        if (name, secret) == (user, password):
            expired = datetime.date.fromisoformat(ends) < datetime.date.today()
            answer = "ERR message=\"the password has expired\"" if expired else "OK"
    print(answer, flush=True)
'''


started = []


def end_all():
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait()


atexit.register(end_all)


class Squid:
    def __init__(self, folder, logins):
        os.makedirs(folder)
        os.chmod(folder, 0o777)
        self.port = free_port()
        config = os.path.join(folder, "squid.conf")
        with open(config, "w") as file:
            file.write(f"""
http_port 127.0.0.1:{self.port}
{logins}
acl https_ports port 443
acl known proxy_auth REQUIRED
http_access deny CONNECT !https_ports
http_access allow known
http_access deny all
cache deny all
access_log none
cache_log {folder}/cache.log
pid_filename none
shutdown_lifetime 0 seconds
netdb_filename none
coredump_dir {folder}
""")
        self.folder, self.config = folder, config
        self.start()

    def start(self):
        self.process = subprocess.Popen([SQUID, "-N", "-f", self.config], stdout=subprocess.DEVNULL,
                                        stderr=open(os.path.join(self.folder, "said"), "wb"))
        started.append(self.process)
        wait_for_port(self.port, self.process)

    def restart(self):
        self.stop()
        self.start()

    def stop(self):
        self.process.terminate()
        self.process.wait()


def proxy(server, *arguments, password=None):
    done = subprocess.run([program, "sync", "proxy", *arguments, *(["--password-stdin"] if password else []),
                           "--json", "--socket", server.socket],
                          input=password, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert password is None or password not in done.stdout + done.stderr, "the password is shown"
    return done.stdout


def expect(error, code, message, *parts):
    """What the history tells of a run: its sentence whole, and parts of the rest."""
    assert error["code"] == code, error
    assert error["message"] == message, error
    assert error["stage"] == "connect" and error["request"].startswith("GetAuthConfig to http"), error
    text = " ".join([error["message"], error["remedy"], *error["causes"]])
    for part in parts:
        assert part in text, f"{part!r} is not in {text!r}"
    assert "s3cret" not in text, text


def diagnosed(server, check, state, *parts):
    """What `headwater doctor` finds by one check."""
    found = server.command("doctor", "--check", check, check=False)["checks"][0]
    assert found["state"] == state, found
    text = " ".join([found["finding"], found["remedy"], *found["evidence"]])
    for part in parts:
        assert part in text, f"{part!r} is not in {text!r}"
    assert "s3cret" not in text, text


def digest_user(server, upstream, folder):
    users = os.path.join(folder, "digest-users")
    def account(line):
        with open(users, "w") as file:
            file.write(line)
        os.chmod(users, 0o644)
    account("sync:updates:" + hashlib.md5(b"sync:updates:s3cret").hexdigest() + "\n")
    squid = Squid(os.path.join(folder, "digest"),
                  f"auth_param digest program {HELPERS}/digest_file_auth -c {users}\n"
                  "auth_param digest realm updates\nauth_param digest children 1")
    name = f"127.0.0.1:{squid.port}"
    proxy(server, "--server", name)
    expect(server.error_of("sync", "now"), "net.proxy_login_missing",
           f"The proxy {name} asks for a login, and none is set.", "the proxy offers Digest", "HTTP 407 from the proxy")
    proxy(server, "--user", "sync", password="wrong s3cret")
    expect(server.error_of("sync", "now"), "net.proxy_login", f"The proxy {name} refused the login of the user 'sync'.",
           "may have expired", "headwater sync proxy --user", "HTTP 407 from the proxy")
    diagnosed(server, "last_synchronization", "error", "net.proxy_login", "may have expired")
    diagnosed(server, "proxy", "error", "net.proxy_login", name, "may have expired")
    proxy(server, password="s3cret")
    diagnosed(server, "proxy", "ok", name, "user sync, with a password", "HTTP 200")
    diagnosed(server, "services", "ok", "GetConfigData")
    diagnosed(server, "upstream_name", "ok", "The proxy finds 127.0.0.1")
    diagnosed(server, "ports", "ok", f"TCP {squid.port} to the proxy")
    server.command("sync", "now")
    assert server.query("SELECT count(*) FROM revision") == upstream.query("SELECT count(*) FROM revision")

    # The account ends; squid asks anew once it has forgotten the logins that it remembers for an hour.
    account("")
    squid.restart()
    expect(server.error_of("sync", "now"), "net.proxy_login", f"The proxy {name} refused the login of the user 'sync'.",
           "may have expired", "HTTP 407 from the proxy")
    account("sync:updates:" + hashlib.md5(b"sync:updates:s3cret").hexdigest() + "\n")
    squid.restart()
    server.command("sync", "now")

    # What stands behind the proxy is told from the proxy.
    nobody = free_port()
    server.command("sync", "options", "--upstream", f"http://127.0.0.1:{nobody}")
    expect(server.error_of("sync", "now"), "net.proxy_gateway",
           f"The proxy {name} cannot reach 127.0.0.1:{nobody}.", "the proxy says ERR_CONNECT_FAIL")
    server.command("sync", "options", "--upstream", "http://no-such-name.invalid:8530")
    expect(server.error_of("sync", "now"), "net.proxy_gateway",
           f"The proxy {name} cannot reach no-such-name.invalid:8530.")
    server.command("sync", "options", "--upstream", f"https://127.0.0.1:{upstream.port}")
    expect(server.error_of("sync", "now"), "net.proxy_denied",
           f"The proxy {name} does not let this server through to 127.0.0.1:{upstream.port}.", "HTTP 403")
    server.command("sync", "options", "--upstream", f"http://127.0.0.1:{upstream.port}")

    squid.stop()
    expect(server.error_of("sync", "now"), "net.proxy_connect",
           f"No connection to the proxy {name} could be made.", "Connection refused")
    diagnosed(server, "proxy", "error", "net.proxy_connect", name)
    proxy(server, "--server", "no-such-proxy.invalid:3128")
    expect(server.error_of("sync", "now"), "net.proxy_resolve",
           "The name of the proxy no-such-proxy.invalid:3128 could not be resolved.")
    proxy(server, "--bypass", "127.*")
    diagnosed(server, "proxy", "skipped", "without the proxy")
    server.command("sync", "now")
    proxy(server, "--bypass", "none")


def basic_user_who_expires(server, folder):
    helper, accounts = os.path.join(folder, "accounts.py"), os.path.join(folder, "accounts")
    with open(helper, "w") as file:
        file.write(ACCOUNTS)
    def account(ends):
        with open(accounts, "w") as file:
            file.write(f"CORP\\sync s3cret {ends}\n")
        os.chmod(accounts, 0o644)
    account("2999-12-31")
    squid = Squid(os.path.join(folder, "basic"),
                  f"auth_param basic program /usr/bin/python3 {helper} {accounts}\n"
                  "auth_param basic children 1\nauth_param basic credentialsttl 1 second\n"
                  "auth_param basic casesensitive on\nauth_param basic realm updates")
    name = f"127.0.0.1:{squid.port}"
    proxy(server, "--server", name, "--user", "sync", "--domain", "CORP", password="s3cret")
    expect(server.error_of("sync", "now"), "net.proxy_basic",
           f"The proxy {name} offers nothing but basic authentication, which sends the password in clear text, and that "
           "is not allowed.", "--allow-basic")
    proxy(server, "--allow-basic")
    diagnosed(server, "proxy", "warning", "cleartext", "--no-allow-basic")
    server.command("sync", "now")
    account("2020-01-01")
    # The proxy remembers a login for a second; the next one that it forgets is refused.
    for _ in range(100):
        done = subprocess.run([program, "sync", "now", "--socket", server.socket], capture_output=True, check=False)
        if done.returncode:
            break
    error = server.command("sync", "history", "--limit", "1")["runs"][0]["error"]
    refused = f"The proxy {name} refused the login of the user 'CORP\\sync'."
    expect(error, "net.proxy_login", refused, "may have expired", "HTTP 407 from the proxy")
    account("2999-12-31")
    proxy(server, password="wrong s3cret")
    expect(server.error_of("sync", "now"), "net.proxy_login", refused, "may have expired")
    proxy(server, password="s3cret")
    server.command("sync", "now")
    squid.stop()


def tinyproxy(server, folder):
    port, config = free_port(), os.path.join(folder, "tinyproxy.conf")
    with open(config, "w") as file:
        file.write(f"Port {port}\nListen 127.0.0.1\nTimeout 60\nBasicAuth sync s3cret\nConnectPort 443\n"
                   f"LogFile \"{folder}/tinyproxy.log\"\n")
    process = subprocess.Popen([TINYPROXY, "-d", "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    started.append(process)
    wait_for_port(port, process)
    name = f"127.0.0.1:{port}"
    proxy(server, "--server", name, "--domain", "", "--no-allow-basic")
    expect(server.error_of("sync", "now"), "net.proxy_basic",
           f"The proxy {name} offers nothing but basic authentication, which sends the password in clear text, and that "
           "is not allowed.")
    proxy(server, "--allow-basic")
    server.command("sync", "now")
    proxy(server, password="old s3cret")
    expect(server.error_of("sync", "now"), "net.proxy_login", f"The proxy {name} refused the login of the user 'sync'.")
    process.terminate()
    process.wait()


def main():
    if not SQUID or not TINYPROXY:
        print("Skipped: squid or tinyproxy is not on this machine.")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        subprocess.run([program, "sample-catalog", "--updates", "150", "--seed", "3", "--data",
                        os.path.join(folder, "upstream")], check=True, capture_output=True)
        upstream = Server(program, os.path.join(folder, "upstream")).start()
        server = Server(program, os.path.join(folder, "server")).start()
        server.command("sync", "options", "--upstream", f"http://127.0.0.1:{upstream.port}", "--products", "all",
                       "--classifications", "all")
        digest_user(server, upstream, folder)
        basic_user_who_expires(server, folder)
        tinyproxy(server, folder)
        stored = server.query("SELECT value FROM setting WHERE name = 'options.synchronization'")[0][0]
        assert "s3cret" not in stored, "the password is stored in clear"
        server.stop()
        upstream.stop()
        with open(os.path.join(folder, "server.log")) as log:
            assert "s3cret" not in log.read(), "the password is in the log"
    print("Synchronized through squid (Digest, Basic) and tinyproxy; each failure has its own name.")


main()
