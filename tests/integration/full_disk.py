"""A disk that is full, in the middle of a synchronization and of a transfer of files: the server answers on, says what
is wrong, loses nothing, and goes on once there is space.

Usage: full_disk.py PROGRAM
Exit status 77: skipped, because no disk can be mounted here.
"""

import hashlib
import http.client
import json
import os
import subprocess
import sys
import tempfile

from headwater import Server, can_mount

program = sys.argv[1]
if not can_mount():
    print("No small disk can be mounted here (user namespaces are off): skipped.")
    sys.exit(77)


def fill(server, leave):
    """Takes all space but so many bytes."""
    path = os.path.join(server.view, "ballast")
    with open(path, "ab") as ballast:
        while True:
            space = os.statvfs(server.view)
            rest = space.f_bavail * space.f_frsize - leave
            if rest < space.f_frsize:
                return
            ballast.write(b"x" * min(rest, 1 << 20))
            ballast.flush()


def free(server):
    os.remove(os.path.join(server.view, "ballast"))


def conditions(server, *arguments):
    return json.dumps(server.command("health", *arguments, check=False))


def answers(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/ClientWebService/client.asmx?wsdl")
    return connection.getresponse().status


with tempfile.TemporaryDirectory(prefix="headwater-full-") as folder:
    data = os.path.join(folder, "upstream")
    subprocess.run([program, "sample-catalog", "--updates", "2000", "--data", data], check=True, capture_output=True)
    upstream = Server(program, data).start()
    server = Server(program, os.path.join(folder, "small"), disk="120m").start()
    server.command("sync", "options", "--upstream", f"http://127.0.0.1:{upstream.port}",
                   "--products", "all", "--classifications", "all")

    fill(server, leave=1 << 20)
    server.command("sync", "now", check=False)
    failed = server.command("sync", "history")["runs"][0]
    assert failed["result"] == "failed", failed
    assert failed["error"]["code"] == "store.full", failed
    assert "space" in failed["error"]["message"] + failed["error"]["remedy"], failed
    assert answers(server) == 200
    free(server)
    server.command("sync", "now")
    everything = upstream.command("status")["catalog"]["revisions"]
    assert server.command("status")["catalog"]["revisions"] == everything
    print("synchronization: failed with store.full, and brought everything once there was space")

    assert "disk_almost_full" not in conditions(server, "--now")
    fill(server, leave=60 << 20)
    server.command("rules", "add", "everything", "--classifications", "all", "--products", "all",
                   "--group", "All Computers")
    server.command("rules", "apply")
    status = server.command("content", "status")
    while not status["disk_full"]:
        status = server.command("content", "status")
        assert status["waiting"] > 0, status
    assert status["failed"] == 0 and answers(server) == 200, status
    # Said at once, although no threshold of the disk is reached: half of it is free.
    for _ in range(200):
        if "disk_almost_full" in conditions(server):
            break
    assert "disk_almost_full" in conditions(server), conditions(server)
    free(server)
    server.command("content", "status", "--wait")
    present = 0
    for shelf in os.scandir(os.path.join(server.view, "content")):
        for file in os.scandir(shelf.path) if shelf.name != ".partial" else ():
            assert file.name.startswith(hashlib.sha1(open(file.path, "rb").read()).hexdigest().upper()), file.path
            present += 1
    assert present == server.command("content", "status")["present"] > 0
    task = server.command("content", "verify", "--deep")
    assert task["state"] == "succeeded" and task["missing"] == task["wrong"] == 0, task
    assert "disk_almost_full" not in conditions(server, "--now")
    print(f"transfer: waited while the disk was full, then {present} files came and are right")
    server.stop()
    upstream.stop()
