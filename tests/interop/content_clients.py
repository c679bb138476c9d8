"""curl, wget and aria2c, none of which anybody here wrote, take a file from the shelves: whole, by ranges, resumed, with
sixteen connections, and only if it changed.

Usage: content_clients.py PROGRAM
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from headwater import Server  # noqa: E402

program = sys.argv[1]
SIZE = 24 * 1024 * 1024 + 123


def add_file(data, content):
    """A file on its shelf that the catalog knows; returns its path below the server's root."""
    digest = hashlib.sha1(content).digest()
    name = digest.hex().upper()
    shelf = os.path.join(data, "content", name[-2:])
    os.makedirs(shelf, exist_ok=True)
    with open(os.path.join(shelf, name + ".cab"), "wb") as file:
        file.write(content)
    with sqlite3.connect(os.path.join(data, "headwater.db")) as database:
        database.execute("INSERT INTO file VALUES (?, ?, ?, 'large.cab', '.cab', '', 3, 1, '', 0)",
                         (digest, hashlib.sha256(content).digest(), len(content)))
    return f"/Content/{name[-2:]}/{name}.cab"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def expect(path, content):
    assert open(path, "rb").read() == content, f"{path} is not what was served"
    os.remove(path)


def curl(url, folder, content):
    out = os.path.join(folder, "curl")
    status = ("--silent", "--show-error", "--write-out", "%{http_code}", "--output", out)
    found = run("curl", *status, url)
    assert found == "200", found
    expect(out, content)
    for given, part in (("0-0", content[:1]), ("1000-1999", content[1000:2000]), ("-500", content[-500:]),
                        (f"{SIZE - 1}-", content[-1:]), (f"5-{SIZE * 2}", content[5:])):
        assert run("curl", *status, "--range", given, url) == "206", given
        expect(out, part)
    done = subprocess.run(["curl", *status, "--range", f"{SIZE}-", url], capture_output=True, text=True, check=False)
    assert done.stdout == "416", done.stdout
    with open(out, "wb") as part:
        part.write(content[:7_654_321])
    run("curl", "--silent", "--show-error", "--continue-at", "-", "--output", out, url)
    expect(out, content)
    head = run("curl", "--silent", "--head", url).lower()
    assert f"content-length: {SIZE}\n" in head and "accept-ranges: bytes\n" in head, head
    etag = next(line.split(" ", 1)[1] for line in head.splitlines() if line.startswith("etag:"))
    assert run("curl", *status, "--header", f"If-None-Match: {etag}", url) == "304"
    assert run("curl", *status, "--time-cond", time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()), url) == "304"
    # Two ranges may be answered with the whole file (RFC 9110 section 14.2).
    assert run("curl", *status, "--range", "0-1,5-6", url) == "200"
    expect(out, content)
    for path in ("/Content/../headwater.db", "/Content/%2e%2e/headwater.db", "/Content/..%2fheadwater.db",
                 "/Content/AB/..%5c..%5cheadwater.db", "/Content//etc/passwd", "/Content/%00", "/Content/" + "A" * 5000):
        host = url[:url.index("/Content")]
        found = run("curl", *status, "--path-as-is", host + path)
        assert found in ("404", "400"), f"{path}: {found}"
        os.remove(out)


def wget(url, folder, content):
    out = os.path.join(folder, "wget")
    run("wget", "--quiet", "--output-document", out, url)
    expect(out, content)
    with open(out, "wb") as part:
        part.write(content[:123_456])
    run("wget", "--quiet", "--continue", "--output-document", out, url)
    expect(out, content)


def aria2(url, folder, content):
    for connections in ("1", "16"):
        run("aria2c", "--quiet", "--dir", folder, "--out", "aria2", "--max-connection-per-server", connections,
            "--split", connections, "--min-split-size", "1M", "--checksum",
            "sha-256=" + hashlib.sha256(content).hexdigest(), url)
        expect(os.path.join(folder, "aria2"), content)


with tempfile.TemporaryDirectory(prefix="headwater-content-") as folder:
    data = os.path.join(folder, "server")
    Server(program, data).start().stop()
    content = os.urandom(SIZE)
    path = add_file(data, content)
    server = Server(program, data).start()
    missing = 0
    for name, client in (("curl", curl), ("wget", wget), ("aria2c", aria2)):
        if shutil.which(name):
            client(f"http://127.0.0.1:{server.port}{path}", folder, content)
            print(f"{name}: all right")
        else:
            print(f"{name} is not on this machine: skipped")
            missing += 1
    server.stop()
    sys.exit(77 if missing == 3 else 0)
