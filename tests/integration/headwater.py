"""Runs the real program for the tests that end it from outside. Python's own library only."""

import contextlib
import http.client
import http.server
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading


class Server:
    """`headwater serve` on a free port, and its command line."""

    def __init__(self, program, data, disk=None, config=None):
        """disk: the size of a disk of its own for the data, as mount takes it; it goes with the process.
        config: the text of its headwater.toml."""
        self.config = []
        if config is not None:
            os.makedirs(data, exist_ok=True)
            self.config = ["--config", os.path.join(data, "headwater.toml")]
            with open(self.config[1], "w") as file:
                file.write(config)
        self.program, self.data, self.process = program, data, None
        self.wrapper = ["unshare", "-rm", "sh", "-c", f'mount -t tmpfs -o size={disk} none "$0" && exec "$@"',
                        data] if disk else []
        if disk:
            os.makedirs(data, exist_ok=True)

    def start(self):
        self.process = subprocess.Popen(
            [*self.wrapper, self.program, "serve", "--data", self.data, "--address", "127.0.0.1", "--port", "0",
             *self.config],
            stdout=subprocess.PIPE, stderr=open(os.path.join(os.path.dirname(self.data), "server.log"), "ab"), text=True)
        said = ""
        for line in self.process.stdout:
            said += line
            port = re.search(r"Agents.* http://127\.0\.0\.1:(\d+)", line)
            if port:
                self.port = int(port[1])
            if "local socket" in line.lower() or "headwater.sock" in line:
                break
        assert self.process.poll() is None, f"the server ended: {said}"
        # What it says later must not fill the pipe.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        # Its disk is mounted for it alone; this is the way in.
        self.view = f"/proc/{self.process.pid}/root{self.data}" if self.wrapper else self.data
        return self

    @property
    def socket(self):
        return os.path.join(self.view, "headwater.sock")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=30) == 0, "the server did not end well"

    def command(self, *arguments, check=True):
        """The answer of a command as JSON."""
        done = subprocess.run([self.program, *arguments, "--json", "--socket", self.socket],
                              capture_output=True, text=True, timeout=120)
        assert not check or done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else None

    def error_of(self, *arguments):
        """The error with which a synchronization failed, from the history."""
        done = subprocess.run([self.program, *arguments, "--socket", self.socket],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode != 0, f"{arguments} succeeded: {done.stdout}"
        run = self.command("sync", "history", "--limit", "1")["runs"][0]
        assert run["result"] == "failed", run
        return run["error"]

    def query(self, sql):
        with contextlib.closing(sqlite3.connect(os.path.join(self.view, "headwater.db"))) as database:
            return database.execute(sql).fetchall()


class Proxy:
    """Stands before an upstream. on_request(handler, method, path, body) runs before a request goes on, and
    on_body(handler, path, body) decides how a body is given back; either may be None."""

    def __init__(self, port, tls=None):
        """tls: an ssl.SSLContext of a server, to be spoken to by https."""
        proxy = self
        self.upstream, self.on_request, self.on_body, self.requests = port, None, None, []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.requests.append((self.path, dict(self.headers), body))
                if proxy.on_request:
                    proxy.on_request(self, self.command, self.path, body)
                upstream = http.client.HTTPConnection("127.0.0.1", proxy.upstream)
                headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
                upstream.request(self.command, self.path, body, headers)
                answer = upstream.getresponse()
                content = answer.read()
                upstream.close()
                with contextlib.suppress(OSError):
                    self.send_response(answer.status)
                    for name, value in answer.getheaders():
                        if name.lower() not in ("connection", "date", "server", "transfer-encoding"):
                            self.send_header(name, value)
                    self.end_headers()
                    if proxy.on_body:
                        proxy.on_body(self, self.path, content)
                    else:
                        self.wfile.write(content)

            do_GET = do_HEAD = do_POST = pass_on

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # A server that is killed leaves its connections reset.
        self.server.handle_error = lambda *_: None
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def want_files(data, files):
    """Makes (SHA-1, SHA-256, size) known to a server that is stopped, and wanted as for a downstream server."""
    with contextlib.closing(sqlite3.connect(os.path.join(data, "headwater.db"))) as database, database:
        for sha1, sha256, size in files:
            database.execute("INSERT INTO file (sha1, sha256, size, name, extension, mu_url, state, attempts, error, changed)"
                             " VALUES (?, ?, ?, 'file.cab', '.cab', '', 0, 0, '', 0)", (sha1, sha256, size))
            database.execute("INSERT INTO requested_file VALUES (?, 0)", (sha1,))


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for_port(port, process):
    """Until a process listens; it has to be at it within half a minute."""
    for _ in range(300):
        assert process.poll() is None, f"{process.args} ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise AssertionError(f"{process.args} does not listen")


def can_mount():
    """Whether a small disk can be made for a process of ours."""
    return subprocess.run(["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"],
                          capture_output=True, check=False).returncode == 0
