"""Files from an upstream that does all that no upstream should, killed at every stage of a file that comes by ranges, and
names that nobody should ask for. After each of them `content verify --deep` finds nothing wrong.

Usage: hostile_files.py PROGRAM
"""

import contextlib
import hashlib
import http.server
import os
import shutil
import socket
import sys
import tempfile
import threading

from headwater import Server, can_mount, want_files

program = sys.argv[1]
SMALL, LARGE = 100_000, 66 << 20  # the second comes by ranges
FILLING = os.urandom(LARGE)
SECRET = b"what nobody is to see"


class File:
    def __init__(self, name, size, misdeed=None):
        self.body = name.encode().ljust(32) + FILLING[:size - 32]
        self.sha1, self.sha256 = hashlib.sha1(self.body), hashlib.sha256(self.body)
        self.name, self.misdeed, self.asked, self.sent = name, misdeed, 0, 0
        self.digits = self.sha1.hexdigest().upper()

    @property
    def row(self):
        return self.sha1.digest(), self.sha256.digest(), len(self.body)


class Upstream:
    """Serves files below /Content by ranges, until a file's misdeed takes the answer over by returning true."""

    def __init__(self):
        upstream = self
        self.files, self.is_good, self.on_bytes = {}, False, lambda file: None

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                file = upstream.files.get(self.path.rpartition("/")[2].partition(".")[0])
                if file is None:
                    self.send_error(404)
                    return
                file.asked += 1
                if upstream.is_good or not file.misdeed or not file.misdeed(self, file):
                    self.give(file, file.body)

            def range_of(self, body):
                asked = self.headers.get("Range")
                first, _, last = asked[6:].partition("-") if asked else ("0", "", "")
                return int(first), int(last) + 1 if last else len(body)

            def head(self, status, **fields):
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()

            def give(self, file, body, tag='"1"', more=b"", cut=None):
                first, until = self.range_of(body)
                fields = {"Content_Length": until - first + len(more), "ETag": tag}
                if self.headers.get("Range"):
                    self.head(206, Content_Range=f"bytes {first}-{until - 1}/{len(body)}", **fields)
                else:
                    self.head(200, **fields)
                part = (body[first:until] + more)[:cut]
                for at in range(0, len(part), 1 << 18):
                    self.wfile.write(part[at:at + (1 << 18)])
                    file.sent += len(part[at:at + (1 << 18)])
                    upstream.on_bytes(file)
                self.close_connection = cut is not None
                return True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, file):
        self.files[file.digits] = file
        return file


def server_for(upstream, folder, name, files):
    server = Server(program, os.path.join(folder, name)).start()
    server.command("sync", "options", "--upstream", upstream.url)
    server.stop()
    want_files(server.data, [upstream.add(file).row for file in files])
    return server


def verify(server):
    task = server.command("content", "verify", "--deep")
    assert task["state"] == "succeeded" and task["missing"] == task["wrong"] == task["unreadable"] == 0, task
    return task


def expect_right(server, files, content=None):
    content = content or os.path.join(server.data, "content")
    server.command("content", "status", "--wait")
    verify(server)
    for file in files:
        path = os.path.join(content, file.digits[-2:], file.digits + ".cab")
        with open(path, "rb") as shelved:
            assert shelved.read() == file.body, f"{file.name}: not what it should be"
    partial = os.listdir(os.path.join(content, ".partial"))
    assert partial == [], partial


def page(handler, _):
    text = b"<html>Please sign in.</html>"
    handler.head(200, Content_Length=len(text), Content_Type="text/html")
    handler.wfile.write(text)
    return True


def redirect(to):
    return lambda handler, file: handler.head(302, Location=to(handler, file), Content_Length=0) or True


def whole(handler, file):
    """The whole file, whatever range was asked for: cut at first, so that there is one to ask for."""
    body = file.body[:len(file.body) // 2] if file.asked == 1 else file.body
    handler.head(200, Content_Length=len(file.body), ETag='"1"')
    handler.wfile.write(body)
    handler.close_connection = True
    return True


def changed(handler, file):
    """Every second answer is of another file, under another tag, or dishonestly under the same."""
    if file.asked % 2 == 1:
        return handler.give(file, file.body, cut=len(file.body) // 3 if len(file.body) == SMALL else None)
    return handler.give(file, file.body[::-1], tag='"2"' if "honest" in file.name else '"1"')


def misdeeds(folder, stranger):
    secret = os.path.join(folder, "secret")
    with open(secret, "wb") as file:
        file.write(SECRET)
    yield "an error page", SMALL, page
    yield "an error page for a large file", LARGE, page
    yield "the range ignored", SMALL, whole
    for size, kind in ((SMALL, "small"), (LARGE, "large")):
        yield f"changed, {kind}, honest", size, changed
        yield f"changed, {kind}", size, changed
        yield f"more, {kind}", size, lambda handler, file: handler.give(file, file.body, more=b"more" * 50_000)
        yield f"an error page after the first answer, {kind}", size, lambda handler, file: page(handler, file) if (
            file.asked > 1) else handler.give(file, file.body, cut=1000)
    for cut in (0, 1, 40_000, SMALL - 1):
        yield f"cut at {cut}", SMALL, lambda handler, file, cut=cut: handler.give(file, file.body, cut=cut)
    yield "cut ranges", LARGE, lambda handler, file: handler.give(file, file.body, cut=7 << 20)
    yield "to another host", SMALL, redirect(lambda handler, file: stranger.url + handler.path)
    yield "in a loop", SMALL, redirect(lambda handler, file: handler.path)
    yield "to a file", SMALL, redirect(lambda handler, file: "file://" + secret)


def hostile(folder):
    upstream, stranger = Upstream(), Upstream()
    files = [File(*misdeed) for misdeed in misdeeds(folder, stranger)]
    for file in files:
        stranger.files[file.digits] = File(file.name, len(file.body))
    server = server_for(upstream, folder, "hostile", files).start()
    server.command("content", "status", "--wait", check=False)
    verify(server)
    failed = server.command("transfers", "list", "--state", "failed")["files"]
    # What was cut or ignored a range came in the end, all others did not.
    healed = {file.name for file in files if file.digits not in {entry["sha1"].upper() for entry in failed}}
    assert all(name.startswith(("cut", "the range")) for name in healed), healed
    assert len(failed) >= 14 and all(entry["reason"] for entry in failed), failed
    assert [file.name for file in stranger.files.values() if file.asked] == []
    upstream.is_good = True
    server.command("transfers", "retry", "--all")
    expect_right(server, files)
    server.stop()
    print(f"hostile upstream: {len(failed)} of {len(files)} files failed, nothing wrong was shelved, all came in the end")


def killed_in_ranges(folder):
    """At the first request, in the first range, between ranges, and around the end."""
    upstream = Upstream()
    server = server_for(upstream, folder, "killed", [])
    stages = [0, 1, 5 << 20, 9 << 20, 20 << 20, 40 << 20, 60 << 20] + [LARGE] * 6
    resumed = 0
    for number, stage in enumerate(stages):
        reached = threading.Event()
        file = upstream.add(File(f"killed {number}", LARGE, lambda *_, stage=stage: reached.set() if stage == 0 else None))
        upstream.on_bytes = lambda file, stage=stage: reached.set() if file.sent >= stage else None
        want_files(server.data, [file.row])
        server.start()
        assert reached.wait(60), f"{stage} bytes were never sent"
        # The last stages are after the last byte: digests, the way to the disk and to the shelf, the database.
        threading.Event().wait(max(0, number - 7) * 0.02)
        server.kill()
        before, file.sent = file.sent, 0
        server.start()
        verify(server)
        expect_right(server, [file])
        resumed += file.sent < len(file.body)
        assert file.sent <= len(file.body), f"{file.sent} bytes after {before}"
        server.stop()
    assert resumed >= 5, f"only {resumed} went on where they were"
    print(f"ranges: killed {len(stages)} times, {resumed} went on where they were")


def full_in_ranges(folder):
    """The disk fills up in the middle of a file that had its space when it began."""
    if not can_mount():
        print("No disk can be mounted here (user namespaces are off): skipped.")
        return
    upstream = Upstream()
    file = File("in a full disk", LARGE)
    server = server_for(upstream, folder, "full", [file])
    content = os.path.join(server.data, "content")
    server.wrapper = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=300m none "$0" && exec "$@"', content]
    filling, filled = threading.Lock(), []

    def fill(file):
        # Nobody sends while the disk fills: the file would be here before.
        with filling:
            if file.sent < 20 << 20 or filled:
                return
            filled.append(file.sent)
            with open(f"/proc/{server.process.pid}/root{content}/ballast", "wb", buffering=0) as ballast:
                with contextlib.suppress(OSError):
                    while ballast.write(b"x" * 65536):
                        pass

    upstream.on_bytes = fill
    server.start()
    view = f"/proc/{server.process.pid}/root{content}"
    server.view = server.data
    while not server.command("content", "status")["disk_full"]:
        assert server.command("content", "status")["present"] == 0
    assert server.command("transfers", "list", "--state", "failed")["files"] == []
    os.remove(os.path.join(view, "ballast"))
    sent = file.sent
    expect_right(server, [file], view)
    assert file.sent < sent + len(file.body), "what was here before the disk was full was fetched again"
    server.stop()
    print(f"full disk: a file by ranges waited after {sent >> 20} MiB were sent, and {file.sent - sent >> 20} MiB followed")


def deleted_shelf(folder):
    upstream = Upstream()
    held, released = threading.Semaphore(0), threading.Event()

    def half_and_wait(handler, file):
        handler.head(200, Content_Length=len(file.body), ETag='"1"')
        handler.wfile.write(file.body[:SMALL // 2])
        handler.wfile.flush()
        held.release()
        released.wait(60)
        handler.wfile.write(file.body[SMALL // 2:])
        return True

    here = [File(f"here {i}", SMALL) for i in range(5)]
    coming = [File(f"coming {i}", SMALL, half_and_wait) for i in range(3)]
    server = server_for(upstream, folder, "deleted", here).start()
    expect_right(server, here)
    server.stop()
    want_files(server.data, [upstream.add(file).row for file in coming])
    server.start()
    for _ in coming:
        assert held.acquire(timeout=60), "no transfer began"
    shutil.rmtree(os.path.join(server.data, "content"))
    upstream.is_good = True
    released.set()
    server.command("content", "status", "--wait")
    task = server.command("content", "verify", "--deep")
    assert (task["missing"], task["wrong"]) == (len(here), 0), task
    expect_right(server, here + coming)
    server.stop()
    print(f"deleted shelves: {len(here)} files were missed and came again, {len(coming)} under way came")


def names(folder):
    upstream = Upstream()
    file = File("served", SMALL)
    server = server_for(upstream, folder, "names", [file]).start()
    expect_right(server, [file])
    for place in (folder, server.data, os.path.join(server.data, "content"),
                  os.path.join(server.data, "content", file.digits[-2:])):
        with open(os.path.join(place, "secret"), "wb") as secret:
            secret.write(SECRET)
    shelf = f"/Content/{file.digits[-2:]}/"
    right = shelf + file.digits + ".cab"
    targets = [up + "secret" for n in range(1, 5) for up in (
        shelf + "../" * n, shelf + "..%2f" * n, shelf + "%2e%2e/" * n, shelf + "..\\" * n, shelf + "..%5c" * n,
        shelf + "..%252f" * n, shelf + "..%c0%af" * n, "/Content" + "/.." * n + "/")]
    targets += [shelf, shelf + "secret", "/Content/secret", "/Content//secret", right + "%00", right + "%00.exe", right + "\0",
                right[:-4] + "%00.cab", right + "/", right + "/../secret", right + "\\..\\secret", shelf + "%00",
                shelf + "a" * 6000 + ".cab", right + "x" * 6000, "/Content/" + "../" * 2000 + "etc/passwd",
                shelf + "x" * 200_000, "/Content/.partial/" + file.digits, "file:///etc/passwd", "//etc/passwd"]

    def answer(target):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            text = b""
            try:
                connection.sendall(b"GET " + target.encode() + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                while part := connection.recv(65536):
                    text += part
            except ConnectionError:
                pass
            return text

    for target in targets:
        text = answer(target)
        assert text == b"" or text.startswith(b"HTTP/1.1 4"), (target[:100], text[:200])
        assert SECRET not in text and b"root:" not in text, target
    assert answer(right).endswith(file.body)
    verify(server)
    server.stop()
    print(f"names: {len(targets)} that nobody should ask for were refused")


with tempfile.TemporaryDirectory(prefix="headwater-hostile-") as root:
    for scene in (names, deleted_shelf, full_in_ranges, killed_in_ranges, hostile):
        scene(root)
