"""The transfer service from end to end with real servers: stopped and started, what an upstream does not hold asked of
it, and a folder that becomes read-only. After each of them every file is what its name says.

Usage: content.py PROGRAM
"""

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

from headwater import Server, can_mount

program = sys.argv[1]


def shelved(folder):
    return [path for path in glob.glob(os.path.join(folder, "??", "*")) if os.path.isfile(path)]


def expect_right(server, folder=None):
    """Every file that is here is what its name says, by our own reckoning and by the server's."""
    files = shelved(folder or os.path.join(server.data, "content"))
    for path in files:
        digest = hashlib.sha1(open(path, "rb").read()).hexdigest().upper()
        assert os.path.basename(path).startswith(digest), f"{path} is not what its name says"
    task = server.command("content", "verify", "--deep")
    assert task["missing"] == task["wrong"] == 0, task
    assert len(files) == server.command("content", "status")["present"], (task, len(files))
    return files


def stopped_service(server):
    server.command("transfers", "stop")
    server.command("rules", "add", "everything", "--classifications", "all", "--products", "all",
                   "--group", "All Computers")
    error = server.error_of("sync", "now")
    assert error["code"] == "transfers.stopped", error
    assert "headwater transfers start" in error["remedy"], error
    server.stop()
    server.start()
    assert server.command("transfers", "list")["service"] == "stopped"
    assert server.command("content", "status", "--wait", check=False) is None
    server.command("transfers", "start")
    server.command("content", "status", "--wait")
    files = expect_right(server)
    assert len(files) > 20, len(files)
    server.command("sync", "now")
    print(f"stopped service: the synchronization said so; started, {len(files)} files came")


def late_file(upstream, server, kept):
    """A file that the upstream knows and does not hold any more, and gets late."""
    update = next(u for u in map(lambda u: server.command("updates", "show", u["id"]),
                                 server.command("updates", "list", "--state", "approved")["updates"]) if u["files"])
    digest = update["files"][0]["sha1"].upper()
    shelf = digest[-2:]
    name = os.path.basename(glob.glob(os.path.join(server.data, "content", shelf, digest + "*"))[0])
    for each in (upstream, server):
        os.remove(os.path.join(each.data, "content", shelf, name))
    server.command("content", "verify", check=False)
    server.command("content", "status", "--wait", check=False)
    failed = server.command("transfers", "list", "--state", "failed")["files"]
    assert [file["reason"] for file in failed] == ["late"], failed
    marked = server.command("updates", "list", "--content-failed")["updates"]
    assert update["id"] in [u["id"] for u in marked], (update["id"], marked)
    assert all(u["content"]["reason"] == "late" for u in marked), marked
    for _ in range(300):
        asked = upstream.query("SELECT hex(sha1) FROM requested_file")
        if asked:
            break
        server.command("transfers", "list")
    assert asked == [(digest,)], asked
    # The upstream has no upstream of its own: the file comes to it by hand.
    shutil.copy(os.path.join(kept, name), os.path.join(upstream.data, "content", shelf, name))
    upstream.command("content", "verify")
    server.command("sync", "now")
    server.command("content", "status", "--wait")
    assert server.command("updates", "list", "--content-failed")["updates"] == []
    expect_right(server)
    print("late file: asked of the upstream by DownloadFiles; the mark went away with the next synchronization")


def read_only(upstream, folder):
    """A content folder on a disk of its own, which becomes read-only and small."""
    if not can_mount():
        print("No disk can be mounted here (user namespaces are off): skipped.")
        return
    server = Server(program, os.path.join(folder, "on a disk"))
    content = os.path.join(server.data, "content")
    os.makedirs(content)
    server.wrapper = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=200m none "$0" && exec "$@"', content]
    server.start()
    view = f"/proc/{server.process.pid}/root{content}"
    server.view = server.data

    def mount(options):
        subprocess.run(["nsenter", "--user", "--mount", "--preserve-credentials", "--target", str(server.process.pid),
                        "mount", "-o", f"remount,{options}", content], check=True)

    mount("ro")
    server.command("sync", "options", "--upstream", f"http://127.0.0.1:{upstream.port}",
                   "--products", "all", "--classifications", "all")
    server.command("rules", "add", "everything", "--classifications", "all", "--products", "all",
                   "--group", "All Computers")
    server.command("sync", "now")
    server.command("content", "status", "--wait", check=False)
    files = server.command("transfers", "list", "--state", "failed")["files"]
    assert files and all(file["reason"] == "folder" for file in files), files[:2]
    assert shelved(view) == []
    mount("rw")
    server.command("transfers", "retry", "--all")
    server.command("content", "status", "--wait")
    expect_right(server, view)
    print(f"read-only folder: {len(files)} files failed for it, and came once it could be written")
    server.stop()


with tempfile.TemporaryDirectory(prefix="headwater-content-") as folder:
    data = os.path.join(folder, "upstream")
    subprocess.run([program, "sample-catalog", "--updates", "300", "--data", data], check=True, capture_output=True)
    upstream = Server(program, data).start()
    server = Server(program, os.path.join(folder, "server")).start()
    server.command("sync", "options", "--upstream", f"http://127.0.0.1:{upstream.port}",
                   "--products", "all", "--classifications", "all")
    stopped_service(server)
    kept = os.path.join(folder, "kept")
    os.makedirs(kept)
    for path in shelved(os.path.join(server.data, "content")):
        shutil.copy(path, kept)
    late_file(upstream, server, kept)
    read_only(upstream, folder)
    server.stop()
    upstream.stop()
