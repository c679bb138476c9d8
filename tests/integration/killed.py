"""kill -9 at many moments of a synchronization and of a transfer of files: nothing is lost, nothing is fetched twice
that is here, and the history says what happened.

Usage: killed.py PROGRAM
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time

from headwater import Proxy, Server

program = sys.argv[1]
REVISIONS = "SELECT hex(update_id), revision_number FROM revision ORDER BY 1, 2"


def asked_ids(body):
    return body.count(b"<UpdateIdentity>") + body.count(b"<UpdateIdentity ")


def synchronization(upstream, folder):
    proxy = Proxy(upstream.port)
    server = Server(program, os.path.join(folder, "synchronizing"))
    kills = 0
    for moment in (1, 2, 3, 2, 1, 2):
        server.start()
        server.command("sync", "options", "--upstream", f"http://127.0.0.1:{proxy.port}",
                       "--products", "all", "--classifications", "all", "--parallel", "2")
        seen, killed = [0], threading.Event()

        def kill_at(handler, method, path, body):
            if b"GetUpdateData" in body:
                seen[0] += 1
                if seen[0] == moment:
                    server.kill()
                    killed.set()

        proxy.on_request = kill_at
        subprocess.run([program, "sync", "now", "--socket", server.socket],
                       capture_output=True, check=False, timeout=120)
        if killed.is_set():
            kills += 1
        else:
            server.kill()
        proxy.on_request = None
    assert kills >= 4, f"only {kills} of the kills came in the middle"
    server.start()
    here = len(server.query(REVISIONS))
    before = sum(asked_ids(body) for _, _, body in proxy.requests if b"GetUpdateData" in body)
    server.command("sync", "now")
    after = sum(asked_ids(body) for _, _, body in proxy.requests if b"GetUpdateData" in body)
    everything = upstream.query(REVISIONS)
    assert server.query(REVISIONS) == everything, "the revisions are not those of the upstream"
    assert after - before == len(everything) - here, "what was here was fetched again"
    # At most the batches that were under way are repeated: two for each kill.
    assert after <= len(everything) + kills * 200, f"{after} documents were asked for"
    history = server.command("sync", "history")
    results = [run["result"] for run in history["runs"]]
    assert results[0] == "succeeded" and results.count("interrupted") == kills, results
    # What each run brought was committed with it: nothing is counted that is not listed, cut off or not.
    brought = []
    for run in history["runs"]:
        updates = server.command("sync", "show", str(run["id"]), "--updates", "all", "--limit", "10000")["updates"]
        for change in ("new", "revised", "expired"):
            assert run[f"{change}_updates"] == sum(update["change"] == change for update in updates), run
        brought += [update["update_id"] for update in updates]
    assert sum(run["revisions"] for run in history["runs"]) == len(everything), "the history has not all that came"
    listed = server.command("updates", "list", "--state", "any", "--limit", "10000")["updates"]
    assert set(brought) == {update["id"] for update in listed}, "the history has not all updates"
    server.stop()
    proxy.close()
    print(f"synchronization: killed {kills} times, {after} documents asked for in all, {len(everything)} needed")


def transfer(upstream, folder):
    proxy = Proxy(upstream.port)
    server = Server(program, os.path.join(folder, "transferring")).start()
    server.command("sync", "options", "--upstream", f"http://127.0.0.1:{proxy.port}",
                   "--products", "all", "--classifications", "all")
    server.command("rules", "add", "everything", "--classifications", "all", "--products", "all",
                   "--group", "All Computers")
    server.stop()
    halves, resumed, kills = {}, set(), 0
    for _ in range(4):
        held, released = threading.Semaphore(0), threading.Event()

        def hold_half(handler, path, body):
            """Gives half of what was asked for, and then nothing for as long as the server lives."""
            asked = handler.headers.get("Range")
            if asked and path in halves and asked == f"bytes={halves[path]}-":
                resumed.add(path)
            if not path.lower().startswith("/content/") or len(body) < 600:
                handler.wfile.write(body)
                return
            handler.wfile.write(body[:len(body) // 2])
            handler.wfile.flush()
            start = int(asked[6:-1]) if asked else 0
            halves[path] = start + len(body) // 2
            held.release()
            released.wait(60)
            handler.close_connection = True

        # Transfers go on as soon as the server is there, and have to meet this round's proxy.
        proxy.on_body = hold_half
        server.start()
        server.command("sync", "now")
        for _ in range(3):
            assert held.acquire(timeout=30), "no transfer began"
        # What was sent has to be written before the kill, or there is nothing to resume.
        partial = os.path.join(server.data, "content", ".partial")
        waiting = [os.path.join(partial, os.path.basename(path).split(".")[0]) for path in list(halves)]
        limit = time.monotonic() + 30
        while not any(os.path.exists(p) and os.path.getsize(p) > 0 for p in waiting):
            assert time.monotonic() < limit, "nothing of what was sent was written"
        server.kill()
        kills += 1
        released.set()
    proxy.on_body = lambda handler, path, body: (
        resumed.add(path) if handler.headers.get("Range") else None, handler.wfile.write(body))
    server.start()
    wanted = len(server.query("SELECT sha1 FROM file WHERE state <> 0"))
    server.command("content", "status", "--wait")
    present = 0
    for shelf in os.scandir(os.path.join(server.data, "content")):
        if shelf.name == ".partial":
            continue
        for file in os.scandir(shelf.path):
            digest = hashlib.sha1(open(file.path, "rb").read()).hexdigest().upper()
            assert file.name.startswith(digest), f"{file.path} is not what its name says"
            present += 1
    assert present == wanted, f"{present} of {wanted} files are here"
    task = server.command("content", "verify", "--deep")
    assert task["state"] == "succeeded" and task["missing"] == task["wrong"] == 0, task
    assert resumed, "no transfer was resumed at the byte where it ended"
    server.stop()
    proxy.close()
    print(f"transfer: killed {kills} times, {present} files right, {len(resumed)} resumed at the byte")


with tempfile.TemporaryDirectory(prefix="headwater-killed-") as folder:
    data = os.path.join(folder, "upstream")
    subprocess.run([program, "sample-catalog", "--updates", "1000", "--data", data], check=True, capture_output=True)
    upstream = Server(program, data).start()
    synchronization(upstream, folder)
    transfer(upstream, folder)
    upstream.stop()
