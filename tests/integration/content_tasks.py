"""The long tasks on the content, in the real program: verify, reset, cleanup and move find and mend what is wrong, while
files are served, and after kill -9 at many moments of them.

Usage: content_tasks.py PROGRAM
"""

import datetime
import hashlib
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from headwater import Server, can_mount

program = sys.argv[1]
STEPS = 16
# Seconds until a command has said to the server what it wants.
COMMAND_STARTS = 0.02


def shelved(root):
    """The files on the shelves of a folder, by the path below it."""
    found = {}
    for shelf in os.scandir(root) if os.path.isdir(root) else ():
        if shelf.name != ".partial" and shelf.is_dir():
            for file in os.scandir(shelf.path):
                found[f"{shelf.name}/{file.name}"] = file.path
    return found


def folder_of(server):
    moved = server.query("SELECT value FROM setting WHERE name = 'content.folder'")
    return moved[0][0] if moved else os.path.join(server.data, "content")


def run(server, *arguments):
    """A task, to its end."""
    return server.command("content", *arguments)


def expect_right(server, names):
    """`content verify --deep` finds nothing wrong, and neither do we."""
    server.command("content", "status", "--wait")
    task = run(server, "verify", "--deep")
    assert task["state"] == "succeeded", task
    assert [task[f] for f in ("missing", "wrong", "found", "unreadable", "strange")] == [0] * 5, task
    files = shelved(folder_of(server))
    assert set(files) == names, (set(files) ^ names)
    for path in files.values():
        digest = hashlib.sha1(open(path, "rb").read()).hexdigest().upper()
        assert os.path.basename(path).startswith(digest), path


def verify(server, names):
    files = sorted(shelved(folder_of(server)).values(), key=os.path.getsize)
    with open(files[-1], "r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last[0] ^ 1]))
    os.truncate(files[-2], os.path.getsize(files[-2]) - 1)
    os.remove(files[-3])
    stranger = os.path.join(os.path.dirname(files[-4]), "stranger.txt")
    open(stranger, "w").close()
    task = run(server, "verify")
    assert (task["missing"], task["wrong"], task["strange"]) == (1, 1, 1), task
    server.command("content", "status", "--wait")
    task = run(server, "verify", "--deep")
    assert (task["missing"], task["wrong"]) == (0, 1), task
    assert any("wrong SHA-1 digest" in note for note in task["notes"]), task
    os.remove(stranger)
    expect_right(server, names)
    print("verify: a missing, a cut and a changed file were found and fetched again")


def deleted_under_it(server, names):
    root = folder_of(server)
    path = "/Content/" + sorted(names)[0]
    shutil.rmtree(root)
    assert get(server, path)[0] == 404
    task = run(server, "reset")
    assert task["state"] == "succeeded" and task["missing"] >= len(names) - 1, task
    expect_right(server, names)
    assert get(server, path)[0] == 200
    print(f"reset: all {len(names)} files of a folder that was deleted were fetched again")


def get(server, path):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def move(server, names, to):
    """Moves while four clients ask for every file again and again: each answer is the file."""
    old, stop, wrong, served = folder_of(server), threading.Event(), [], [0]

    def ask():
        while not stop.is_set():
            for name in sorted(names):
                status, body = get(server, "/Content/" + name)
                served[0] += 1
                if status != 200 or not name[3:].startswith(hashlib.sha1(body).hexdigest().upper()):
                    wrong.append((name, status))

    clients = [threading.Thread(target=ask) for _ in range(4)]
    for client in clients:
        client.start()
    task = run(server, "move", to)
    stop.set()
    for client in clients:
        client.join()
    assert task["state"] == "succeeded" and task["copied"] == len(names), task
    assert not wrong, wrong[:5]
    assert not os.path.exists(old), "the old folder is still there"
    assert folder_of(server) == to
    expect_right(server, names)
    print(f"move: {len(names)} files moved, {served[0]} answers meanwhile, all right")


def killed(server, names, folder):
    """kill -9 at even steps of a move's time, there and back; then the same of a deep verify."""
    task = run(server, "move", os.path.join(folder, "timed"))
    started, ended = (datetime.datetime.fromisoformat(task[when].rstrip("Z")[:26]) for when in ("started", "ended"))
    took = (ended - started).total_seconds()
    places = [os.path.join(folder, "there"), os.path.join(folder, "back")]
    moved = 0
    for step in range(STEPS):
        before = folder_of(server)
        target = next(place for place in places if place != before)
        child = subprocess.Popen([program, "content", "move", target, "--socket", server.socket],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child.wait(COMMAND_STARTS + took * step / STEPS)
        except subprocess.TimeoutExpired:
            pass
        server.kill()
        child.wait(30)
        server.start()
        # What a move has left is removed in the background.
        task = server.command("content", "task")
        while task["state"] == "running":
            task = server.command("content", "task")
        expect_right(server, names)
        after = folder_of(server)
        moved += after != before
        if after != before:
            assert not os.path.exists(before), f"{before} was left behind"
    print(f"move: killed {STEPS} times, {moved} of them after the switch, and nothing is wrong")
    began = time.monotonic()
    run(server, "verify", "--deep")
    took = time.monotonic() - began
    for step in range(4):
        for path in list(shelved(folder_of(server)).values())[::7]:
            with open(path, "r+b") as file:
                file.write(b"wrong")
        child = subprocess.Popen([program, "content", "verify", "--deep", "--socket", server.socket],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child.wait(took * (step + 1) / 4)
        except subprocess.TimeoutExpired:
            pass
        server.kill()
        child.wait(30)
        server.start()
        run(server, "verify", "--deep")
        expect_right(server, names)
    print("verify: killed 4 times, and nothing is wrong")


def fill(server, upstream):
    """Everything that the upstream has, approved and here; the names of the files."""
    server.command("sync", "options", "--upstream", f"http://127.0.0.1:{upstream.port}",
                   "--products", "all", "--classifications", "all")
    server.command("sync", "now")
    server.command("rules", "add", "everything", "--classifications", "all", "--products", "all",
                   "--group", "All Computers")
    server.command("rules", "apply")
    server.command("content", "status", "--wait")
    return set(shelved(os.path.join(server.view, "content")))


def read_only(upstream, data):
    """A content folder that becomes read-only: said, and mended once it can be written again."""
    server = Server(program, data, disk="400m").start()
    root = os.path.join(data, "content")
    fill(server, upstream)
    inside = ["nsenter", "--target", str(server.process.pid), "--user", "--mount", "--preserve-credentials", "mount"]
    victim = sorted(shelved(os.path.join(server.view, "content")).values())[0]
    name = "/".join(victim.split("/")[-2:])
    with open(victim, "r+b") as file:
        file.write(b"wrong")
    subprocess.run([*inside, "--bind", root, root], check=True)
    subprocess.run([*inside, "-o", "remount,ro,bind", root], check=True)
    task = server.command("content", "verify", "--deep", check=False)
    assert task["unreadable"] == 1 and task["wrong"] == 0, task
    assert "read-only" in task["notes"][0].lower(), task
    refused = server.command("content", "move", os.path.join(root, "below"), check=False)
    assert refused is None or refused.get("code") == "content.folder", refused
    subprocess.run([*inside, "-o", "remount,rw,bind", root], check=True)
    task = server.command("content", "verify", "--deep")
    assert task["wrong"] == 1, task
    server.command("content", "status", "--wait")
    assert get(server, "/Content/" + name)[0] == 200
    server.stop()
    print("a read-only folder: said so, and mended once it could be written")


def clean_up(server, names):
    """Half of the updates are declined: their files go, but for those that others need."""
    before = server.command("content", "status")["present"]
    updates = server.command("updates", "list", "--limit", "1000")
    ids = [update["id"] for update in updates["updates"]]
    for start in range(0, len(ids) // 2, 50):
        server.command("updates", "decline", *ids[start:min(start + 50, len(ids) // 2)])
    task = run(server, "cleanup")
    assert task["state"] == "succeeded" and 0 < task["freed"] < len(names), task
    assert task["freed_bytes"] > 0, task
    after = server.command("content", "status")
    # What a move had begun when it was killed is freed, too.
    gone = before - after["present"]
    assert 0 < gone <= task["freed"] and after["waiting"] == 0, (before, task, after)
    assert after["present"] == len(shelved(folder_of(server))), after
    expect_right(server, set(shelved(folder_of(server))))
    print(f"cleanup: {gone} of {before} files were needed by nothing, and are gone")


with tempfile.TemporaryDirectory(prefix="headwater-tasks-") as folder:
    source = os.path.join(folder, "upstream")
    subprocess.run([program, "sample-catalog", "--updates", "300", "--data", source], check=True, capture_output=True)
    upstream = Server(program, source).start()
    server = Server(program, os.path.join(folder, "server")).start()
    names = fill(server, upstream)
    assert len(names) > 50, len(names)
    expect_right(server, names)
    verify(server, names)
    deleted_under_it(server, names)
    move(server, names, os.path.join(folder, "moved"))
    killed(server, names, folder)
    clean_up(server, names)
    server.stop()
    if can_mount():
        read_only(upstream, os.path.join(folder, "read-only"))
    upstream.stop()
