"""Transferring files from nginx on loopback beside aria2c, by turns in one run. Called by bench/run.

Usage: transfer_bench.py PROGRAM [ROUNDS [MIB_OF_THE_LARGE_FILE [KINDS]]]

Each side gets 1,000 files of 1 MiB, one large file, and then all of them at once, four files or ranges at once. Headwater
checks SHA-1 and SHA-256, aria2c SHA-1 alone, and in a turn of its own nothing (`unchecked`). Headwater writes each file durably
before it counts; aria2c leaves that to the system, so a `sync` is in the time of each.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "integration"))
from headwater import Server, want_files  # noqa: E402
from nginx import start_nginx  # noqa: E402

program = sys.argv[1]
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
large = int(sys.argv[3]) if len(sys.argv) > 3 else 4096
kinds = sys.argv[4].split(",") if len(sys.argv) > 4 else ["small", "large", "both"]
MIB = 1 << 20
PRESENT = 3


def make(root, mib):
    """A file where an upstream would have it: its digests, its size and its path below the root."""
    block, made = os.urandom(MIB), os.path.join(root, "made")
    sha1, sha256 = hashlib.sha1(), hashlib.sha256()
    with open(made, "wb") as file:
        for i in range(mib):
            part = i.to_bytes(8, "little") + block[8:]
            file.write(part)
            sha1.update(part)
            sha256.update(part)
    name = sha1.hexdigest().upper()
    path = os.path.join("Content", name[-2:], name + ".cab")
    os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
    os.rename(made, os.path.join(root, path))
    return sha1.digest(), sha256.digest(), mib * MIB, path


def by_aria2(folder, port, files, checks=True):
    """The seconds until all was on the disk."""
    target, listed = os.path.join(folder, "aria2"), os.path.join(folder, "list")
    with open(listed, "w") as file:
        for sha1, _, _, path in files:
            check = f"  checksum=sha-1={sha1.hex()}\n" if checks else ""
            file.write(f"http://127.0.0.1:{port}/{path}\n{check}")
    os.sync()
    began = time.monotonic()
    subprocess.run(["aria2c", "--no-conf", "--quiet", "--dir", target, "--input-file", listed, "--file-allocation=none",
                    "--max-concurrent-downloads=4", "--max-connection-per-server=4", "--split=4"], check=True)
    os.sync()
    seconds = time.monotonic() - began
    assert len(os.listdir(target)) == len(files)
    shutil.rmtree(target)
    return seconds


def by_unchecked_aria2(folder, port, files):
    return by_aria2(folder, port, files, checks=False)


def by_headwater(folder, port, files):
    """The same, from the moment when its paused queue goes on."""
    data = os.path.join(folder, "headwater")
    server = Server(program, data).start()
    server.command("sync", "options", "--upstream", f"http://127.0.0.1:{port}")
    server.command("transfers", "pause", "--all")
    server.stop()
    want_files(data, [file[:3] for file in files])
    server.start()
    with contextlib.closing(sqlite3.connect(os.path.join(data, "headwater.db"), isolation_level=None)) as database:
        count = "SELECT count(*) FROM file WHERE state = ?"
        os.sync()
        began = time.monotonic()
        server.command("transfers", "resume", "--all")
        while database.execute(count, (PRESENT,)).fetchone()[0] < len(files):
            assert time.monotonic() < began + 170, server.command("transfers", "list")
            time.sleep(0.01)
        os.sync()
        seconds = time.monotonic() - began
    server.stop()
    shutil.rmtree(data)
    return seconds


def compare(folder, port, name, files):
    sides = {"headwater": by_headwater, "aria2c": by_aria2, "unchecked": by_unchecked_aria2}
    taken = {side: [] for side in sides}
    for turn in range(rounds):
        for side in sorted(sides, reverse=turn % 2 == 1):
            taken[side].append(sides[side](folder, port, files))
    mib = sum(size for _, _, size, _ in files) / MIB

    def ratio(side):
        return statistics.median(a / h for h, a in zip(taken["headwater"], taken[side]))

    speed = {side: mib / statistics.median(seconds) for side, seconds in taken.items()}
    print(f"transferring {name}, {rounds} rounds: headwater {speed['headwater']:.0f} MiB/s, aria2c {speed['aria2c']:.0f} MiB/s, "
          f"ratio {ratio('aria2c'):.2f}; aria2c unchecked {speed['unchecked']:.0f} MiB/s, ratio {ratio('unchecked'):.2f}",
          flush=True)


with tempfile.TemporaryDirectory(prefix="headwater-bench-") as folder:
    root = os.path.join(folder, "served")
    os.makedirs(root)
    small = [make(root, 1) for _ in range(1000)] if {"small", "both"} & set(kinds) else []
    big = [make(root, large)] if {"large", "both"} & set(kinds) else []
    lists = {"small": ("1,000 files of 1 MiB", small), "large": (f"one file of {large} MiB", big),
             "both": (f"1,000 files of 1 MiB and one of {large} MiB", small + big)}
    nginx, port = start_nginx(folder, f"root {root};")
    for kind in kinds:
        compare(folder, port, *lists[kind])
    nginx.terminate()
    nginx.wait()
