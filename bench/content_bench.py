"""Serving content beside nginx, and checking it beside sha256sum, by turns in one run. Called by bench/run.

Usage: content_bench.py PROGRAM [ROUNDS]
"""

import hashlib
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "integration"))
from headwater import Server  # noqa: E402
from nginx import start_nginx  # noqa: E402

program = sys.argv[1]
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
MIB = 1 << 20
# Each reader takes so much of the file: those of a round take 1 to 16 GiB together.
READERS = {1: 1024 * MIB, 16: 1024 * MIB, 256: 32 * MIB}


def add_file(data, size):
    """A file on its shelf that the catalog knows; returns its path below the root."""
    block, made = os.urandom(MIB), os.path.join(data, "made")
    sha1, sha256 = hashlib.sha1(), hashlib.sha256()
    with open(made, "wb") as file:
        for i in range(size // MIB):
            part = i.to_bytes(8, "little") + block[8:]
            file.write(part)
            sha1.update(part)
            sha256.update(part)
    name = sha1.hexdigest().upper()
    path = os.path.join("content", name[-2:], name + ".cab")
    os.makedirs(os.path.dirname(os.path.join(data, path)), exist_ok=True)
    os.rename(made, os.path.join(data, path))
    with sqlite3.connect(os.path.join(data, "headwater.db")) as database:
        database.execute("INSERT INTO file (sha1, sha256, size, name, extension, mu_url, state, attempts, error, changed) "
                         "VALUES (?, ?, ?, 'large.cab', '.cab', '', 3, 1, '', 0)", (sha1.digest(), sha256.digest(), size))
    return path


def processes_of(pid):
    children = open(f"/proc/{pid}/task/{pid}/children").read().split()
    return [pid, *map(int, children)]


def cpu_seconds(pid):
    """Of a process and of its children that live, user and system."""
    ticks = 0
    for one in processes_of(pid):
        fields = open(f"/proc/{one}/stat").read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def read(port, path, readers, size):
    """So many readers at once in one process of curl; the seconds that they took."""
    url = f"http://127.0.0.1:{port}/{path.replace('content', 'Content', 1)}"
    began = time.monotonic()
    done = subprocess.run(["curl", "--silent", "--show-error", "--fail", "--parallel", "--parallel-immediate",
                           "--parallel-max", str(readers), "--range", f"0-{size - 1}",
                           *(["--output", "/dev/null", url] * readers)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began


def serve(server, nginx, port, path):
    sides = {"headwater": (server.process.pid, server.port), "nginx": (nginx.pid, port)}
    for readers, size in READERS.items():
        seconds, cpu = {side: [] for side in sides}, {side: 0 for side in sides}
        for turn in range(rounds):
            for side in sorted(sides, reverse=turn % 2 == 1):
                before = cpu_seconds(sides[side][0])
                seconds[side].append(read(sides[side][1], path, readers, size))
                cpu[side] += cpu_seconds(sides[side][0]) - before
        gib = readers * size / 1024 / MIB
        speed = {side: gib * 1024 / statistics.median(seconds[side]) for side in sides}
        each = {side: cpu[side] / rounds / gib * 1000 for side in sides}
        ratio = statistics.median(n / h for h, n in zip(seconds["headwater"], seconds["nginx"]))
        print(f"{readers} readers of {size // MIB} MiB, {rounds} rounds: headwater {speed['headwater']:.0f} MiB/s and "
              f"{each['headwater']:.0f} ms of CPU a GiB, nginx {speed['nginx']:.0f} MiB/s and {each['nginx']:.0f} ms; "
              f"ratio of the speeds {ratio:.2f}, of the CPU {each['headwater'] / each['nginx']:.2f}", flush=True)


def check(server, paths):
    """All files by `content verify --deep`, and by one sha256sum."""
    full = [os.path.join(server.data, path) for path in paths]
    size = sum(map(os.path.getsize, full)) / MIB
    ours, theirs = [], []
    for _ in range(rounds):
        began = time.monotonic()
        task = server.command("content", "verify", "--deep")
        ours.append(time.monotonic() - began)
        assert task["state"] == "succeeded" and task["wrong"] == task["missing"] == 0, task
        began = time.monotonic()
        subprocess.run(["sha256sum", *full], stdout=subprocess.DEVNULL, check=True)
        theirs.append(time.monotonic() - began)
    ratio = statistics.median(t / o for o, t in zip(ours, theirs))
    print(f"checking {len(full)} files of {size:.0f} MiB in all, {rounds} rounds: verify --deep "
          f"{size / statistics.median(ours):.0f} MiB/s, sha256sum {size / statistics.median(theirs):.0f} MiB/s; "
          f"ratio {ratio:.2f}", flush=True)


with tempfile.TemporaryDirectory(prefix="headwater-bench-") as folder:
    data = os.path.join(folder, "data")
    Server(program, data).start().stop()
    large = add_file(data, 1024 * MIB)
    server = Server(program, data).start()
    nginx, port = start_nginx(folder, f"location /Content/ {{ alias {data}/content/; }}")
    serve(server, nginx, port, large)
    nginx.terminate()
    nginx.wait()
    check(server, [large])
    server.stop()
    paths = [large, *(add_file(data, 64 * MIB) for _ in range(16))]
    server = Server(program, data).start()
    check(server, paths)
    server.stop()
