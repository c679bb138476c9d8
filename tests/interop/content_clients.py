"""curl, wget and aria2c, none of which anybody here wrote, take a file from the shelves: whole, by ranges, resumed, with
sixteen connections, and only if it changed; what a real agent asked for is asked again; slow readers, readers that
leave, and too many of them.

Usage: content_clients.py PROGRAM SHARED
"""

import email
import email.policy
import hashlib
import os
import re
import shutil
import socket
import sqlite3
import struct
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
        database.execute("INSERT INTO file (sha1, sha256, size, name, extension, mu_url, state, attempts, error, changed) "
                         "VALUES (?, ?, ?, 'large.cab', '.cab', '', 3, 1, '', 0)",
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
    several_ranges(status, out, url, content)
    for path in ("/Content/../headwater.db", "/Content/%2e%2e/headwater.db", "/Content/..%2fheadwater.db",
                 "/Content/AB/..%5c..%5cheadwater.db", "/Content//etc/passwd", "/Content/%00", "/Content/" + "A" * 5000):
        host = url[:url.index("/Content")]
        found = run("curl", *status, "--path-as-is", host + path)
        assert found in ("404", "400"), f"{path}: {found}"
        os.remove(out)


def several_ranges(status, out, url, content):
    """Python's reader of MIME, which nobody here wrote, takes the answer apart."""
    begin = len(content) // 2
    asked = ((SIZE - 100, SIZE - 1), (0, 1), (begin, begin + 999_999))
    kind = "%{stderr}%{content_type}"
    done = subprocess.run(["curl", *status, "--write-out", kind, "--range", ",".join(f"{a}-{b}" for a, b in asked), url],
                          capture_output=True, check=True)
    message = email.message_from_bytes(b"Content-Type: " + done.stderr.strip() + b"\r\n\r\n" + open(out, "rb").read(),
                                       policy=email.policy.HTTP)
    parts = [(part["Content-Range"], part.get_payload(decode=True)) for part in message.iter_parts()]
    assert parts == [(f"bytes {a}-{b}/{SIZE}", content[a:b + 1]) for a, b in asked], [p for p, _ in parts]
    # Ranges that touch are one; more than anybody needs are none.
    assert run("curl", *status, "--range", "0-1,2-6", url) == "206"
    expect(out, content[:7])
    assert run("curl", *status, "--range", ",".join(f"{i}-{i}" for i in range(0, 400, 2)), url) == "200"
    expect(out, content)
    assert run("curl", *status, "--head", "--range", "0-1", url) == "416"


def recorded(server, requests, path, content):
    """What a real agent sent, byte for byte but for the name of the file and the host, on one connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as agent:
        reader = agent.makefile("rb")
        for name in sorted(os.listdir(requests)):
            if not name.endswith(".request.headers"):
                continue
            head = open(os.path.join(requests, name), newline="").read()
            first, last = (int(n) for n in re.search(r"bytes=(\d+)-(\d+)", head).groups())
            length = min(last - first + 1, 1 << 20)
            first = min(first, SIZE - length)
            head = re.sub(r"GET \S+", "GET " + path, head)
            head = re.sub(r"bytes=\S+", f"bytes={first}-{first + length - 1}", head)
            agent.sendall(head.strip().replace("\r\n", "\n").replace("\n", "\r\n").encode() + b"\r\n\r\n")
            assert reader.readline() == b"HTTP/1.1 206 Partial Content\r\n", name
            fields = email.message_from_bytes(b"".join(iter(reader.readline, b"\r\n")))
            assert fields["Content-Range"] == f"bytes {first}-{first + length - 1}/{SIZE}", name
            assert fields["Accept-Ranges"] == "bytes" and fields["Content-Type"] == "application/octet-stream", name
            assert fields["ETag"] and fields["Last-Modified"] and "Connection" not in fields, name
            assert reader.read(int(fields["Content-Length"])) == content[first:first + length], name


def slow_and_gone(server, path, content):
    """Two hundred who take one byte and leave, while one who is slow gets his file whole and others are served."""
    request = f"GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode()
    slow = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    slow.sendall(request)
    got = b""
    for _ in range(200):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as gone:
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            gone.sendall(request)
            assert gone.recv(1) == b"H"
        got += slow.recv(1000)
    while part := slow.recv(1 << 16):
        got += part
    slow.close()
    assert got.partition(b"\r\n\r\n")[2] == content, "the slow reader got something else"


def limits(folder, content):
    """A server that sends two files at once to one client says so to the third, who comes again later."""
    data = os.path.join(folder, "limited")
    Server(program, data, config="[limits]\ndownloads_per_client = 2\n").start().stop()
    path = add_file(data, content)
    server = Server(program, data, config="[limits]\ndownloads_per_client = 2\n").start()
    request = f"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n".encode()
    readers = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(3)]
    answers = []
    for reader in readers:
        # So little room that the answer cannot be on its way as a whole.
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.sendall(request)
        answers.append(reader.recv(4096))
    assert [answer.split(b" ")[1] for answer in answers] == [b"200", b"200", b"503"], answers
    assert b"\r\nRetry-After: 10\r\n" in answers[2], answers[2]
    readers[0].close()
    for _ in range(1000):
        readers[2].sendall(request)
        answer = readers[2].recv(4096)
        if answer.startswith(b"HTTP/1.1 200"):
            break
        assert answer.startswith(b"HTTP/1.1 503"), answer
    else:
        raise AssertionError("the place of the reader that left stays taken")
    server.stop()


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
    requests = os.path.join(sys.argv[2], "fixtures", "agent", "content-ranges")
    if os.path.isdir(requests):
        recorded(server, requests, path, content)
        print("recorded requests of an agent: all right")
    slow_and_gone(server, path, content)
    server.stop()
    limits(folder, content)
    print("slow readers, readers that leave, too many readers: all right")
    sys.exit(77 if missing == 3 else 0)
