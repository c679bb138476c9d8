"""Synchronizes from a Microsoft Update that is played: by its own address, through a proxy, over TLS, with the
configuration that was recorded from the real one (catalog only, protocol 1.21), with anchors that have no counter, and
with the files that each document names by their addresses at Microsoft.

Usage: microsoft_update.py PROGRAM SHARED
"""

import contextlib
import hashlib
import http.client
import http.server
import os
import re
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from headwater import Server  # noqa: E402

program, shared = sys.argv[1:3]
SERVICE, FILES = "sws.update.microsoft.com", "download.windowsupdate.com"
REVISIONS = "SELECT hex(update_id), revision_number FROM revision ORDER BY 1, 2"


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def certificate(folder):
    """Of an authority, and of the service by it: where they are."""
    at = lambda name: os.path.join(folder, name)  # noqa: E731
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("authority.key"), "-out",
            at("authority.pem"), "-subj", "/CN=authority", "-days", "30")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", at("service.key"), "-out", at("service.csr"),
            "-subj", f"/CN={SERVICE}")
    with open(at("service.ext"), "w") as file:
        file.write(f"subjectAltName=DNS:{SERVICE}\n")
    openssl("x509", "-req", "-in", at("service.csr"), "-CA", at("authority.pem"), "-CAkey", at("authority.key"),
            "-CAcreateserial", "-out", at("service.pem"), "-days", "30", "-extfile", at("service.ext"))
    return at("authority.pem"), at("service.pem"), at("service.key")


class Microsoft:
    """A proxy behind which the service and the files stand; the catalog is that of a Headwater."""

    def __init__(self, upstream, content, chain, key, config):
        self.connected, self.operations, self.anchors_given, self.anchors_sent, self.files = [], [], {}, [], []
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(chain, key)
        microsoft = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_CONNECT(self):
                microsoft.connected.append(self.path)
                if self.path != f"{SERVICE}:443":
                    self.send_error(403)
                    return
                self.send_response(200)
                self.end_headers()
                self.connection = tls.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                operation = self.headers["SOAPAction"].strip('"').rsplit("/", 1)[-1]
                microsoft.operations.append(operation)
                self.answer(*microsoft.service(upstream, operation, self.path, dict(self.headers), body, config))

            def do_GET(self):
                assert self.path.startswith(f"http://{FILES}/"), self.path
                microsoft.files.append(self.path)
                name = os.path.basename(self.path).rsplit("_", 1)[-1].upper()
                digest, extension = name[:40], self.path[self.path.rindex("."):]
                with open(os.path.join(content, digest[-2:], digest + extension), "rb") as file:
                    self.answer(200, "application/octet-stream", file.read())

            def answer(self, status, kind, body):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def service(self, upstream, operation, path, headers, body, config):
        if operation == "GetConfigData":
            return 200, "text/xml; charset=utf-8", config
        sent = re.search(rb"<Anchor>([^<]+)</Anchor>", body)
        if sent:
            self.anchors_sent.append(sent[1])
            body = body.replace(sent[1], self.anchors_given[sent[1]])
        connection = http.client.HTTPConnection("127.0.0.1", upstream.port)
        connection.request("POST", path, body, {name: headers[name] for name in ("Content-Type", "SOAPAction")})
        answer = connection.getresponse()
        told = answer.read()
        connection.close()
        given = re.search(rb"<Anchor>(\d+,)([^<]+)</Anchor>", told)
        if given:
            self.anchors_given[given[2]] = given[1] + given[2]
            told = told.replace(given[1] + given[2], given[2])
        return answer.status, answer.getheader("Content-Type"), told

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def name_files_at_microsoft(data):
    with contextlib.closing(sqlite3.connect(os.path.join(data, "headwater.db"))) as database, database:
        database.execute(f"UPDATE file SET mu_url = 'http://{FILES}/d/msdownload/update/software/secu/2026/10/' || "
                         "rtrim(name, extension) || '_' || lower(hex(sha1)) || extension")


def main():
    recorded = os.path.join(shared, "fixtures", "upstream", "get-config-data-microsoft-update.response.xml")
    if not os.path.exists(recorded):
        print("Skipped: the recorded configuration is not there.")
        sys.exit(77)
    with open(recorded, "rb") as file:
        config = file.read()
    with tempfile.TemporaryDirectory() as folder:
        authority, chain, key = certificate(folder)
        data = os.path.join(folder, "upstream")
        subprocess.run([program, "sample-catalog", "--updates", "300", "--seed", "5", "--data", data], check=True,
                       capture_output=True)
        name_files_at_microsoft(data)
        upstream = Server(program, data).start()
        microsoft = Microsoft(upstream, os.path.join(data, "content"), chain, key, config)
        server = Server(program, os.path.join(folder, "server"),
                        config=f'trusted_certificates = "{authority}"\n').start()
        server.command("sync", "proxy", "--server", f"127.0.0.1:{microsoft.port}")
        server.command("sync", "options", "--microsoft-update", "--products", "all", "--classifications", "all")

        first = server.command("sync", "now")
        assert first["upstream"] == f"https://{SERVICE}", first
        assert set(microsoft.connected) == {f"{SERVICE}:443"}, microsoft.connected
        assert server.query(REVISIONS) == upstream.query(REVISIONS), "the catalog is not that of the upstream"
        assert first["revisions"] == len(upstream.query(REVISIONS)), first

        # What has no counter is given back as it came.
        microsoft.operations.clear()
        second = server.command("sync", "now")
        assert second["result"] == "succeeded" and second["revisions"] == 0, second
        assert microsoft.operations.count("GetRevisionIdList") == 2, microsoft.operations
        assert "GetUpdateData" not in microsoft.operations, microsoft.operations
        assert len(microsoft.anchors_sent) == 2, microsoft.anchors_sent
        assert all(re.fullmatch(rb"[\d-]{10} [\d:.]+", anchor) for anchor in microsoft.anchors_sent)

        # The catalog is all that it has: files come by the address of each.
        server.command("rules", "add", "everything", "--classifications", "all", "--products", "all", "--group",
                       "All Computers")
        server.command("rules", "apply")
        server.command("content", "status", "--wait")
        states = server.query("SELECT hex(sha1), state, mu_url FROM file WHERE state <> 0")
        assert states and all(state == 3 for _, state, _ in states), states
        assert {url for _, _, url in states} == set(microsoft.files), "files came from elsewhere"
        for digest, _, url in states:
            path = os.path.join(server.data, "content", digest[-2:], digest + url[url.rindex("."):])
            with open(path, "rb") as file:
                assert hashlib.sha1(file.read()).hexdigest().upper() == digest, path
        server.stop()
        upstream.stop()
        microsoft.close()
    print(f"Synchronized {first['revisions']} revisions and {len(states)} files from a played Microsoft Update.")


main()
