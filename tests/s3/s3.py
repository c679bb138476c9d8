"""A bucket as the content folder, with a real S3 server that checks signatures: files go there, are served from there, and
what is wrong is found, said and mended; after kill -9 too.

Usage: s3.py PROGRAM CONTENT_TESTS
"""

import atexit
import contextlib
import hashlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "integration"))

from headwater import Server  # noqa: E402

program = sys.argv[1]
PLACE = "s3://headwater/a-prefix/below"
SECRET = "S3RVER"
SKIPPED = 77
# Its tokens for the next page of a list are in DES, which OpenSSL 3 has there alone.
LEGACY = "--openssl-legacy-provider"


def install():
    """False, and said aloud, where Node or what it needs is not to be had."""
    if not shutil.which("npm") or not shutil.which("node"):
        print("Skipped: npm is not on this machine; apt-get install npm.")
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < 20:
        print(f"Skipped: the S3 server wants Node 20, and this is {version.strip()}.")
        return False
    installed, lock = (os.path.join(here, path) for path in ("node_modules/.package-lock.json", "package-lock.json"))
    if os.path.exists(installed) and os.path.getmtime(installed) > os.path.getmtime(lock):
        return True
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=here,
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"Skipped: npm cannot install the S3 server: {done.stderr[-500:]}")
    return done.returncode == 0


class S3:
    """The S3 server, and before it a relay that can stop a request in its midst."""

    def __init__(self, folder):
        self.folder, self.on_put, self.requests, self.lock = folder, None, [], threading.Lock()
        self.chosen = lambda request: True
        self.process = subprocess.Popen(["node", LEGACY, os.path.join(here, "serve.js"), folder], stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        line = self.process.stdout.readline()
        assert line.startswith("port "), line
        self.port = int(line.split()[1])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.relay, daemon=True).start()

    def relay(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.port))
                threading.Thread(target=self.pump, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self.pump, args=(server, client, False), daemon=True).start()

    def pump(self, source, target, is_request):
        with contextlib.suppress(OSError), source, target:
            while data := source.recv(65536):
                if is_request and data.split(b" ")[0] in (b"PUT", b"POST", b"GET", b"HEAD", b"DELETE"):
                    self.requests.append(data.split(b" HTTP/")[0].decode())
                    act = None
                    if data.startswith(b"PUT "):
                        with self.lock:
                            if self.on_put and self.chosen(data):
                                act, self.on_put = self.on_put, None
                    if act:
                        target.sendall(data[:len(data) // 2])
                        act()
                        return
                target.sendall(data)

    def objects(self, prefix="a-prefix/below"):
        """Path on disk by name below the prefix."""
        root, suffix, found = os.path.join(self.folder, "headwater", prefix), "._S3rver_object", {}
        for folder, _, files in os.walk(root):
            for file in files:
                if file.endswith(suffix):
                    path = os.path.join(folder, file)
                    found[os.path.relpath(path, root)[:-len(suffix)]] = path
        return found

    def close(self):
        self.listener.close()
        self.process.terminate()
        self.process.wait()


def config(s3, folder, key="S3RVER", secret=SECRET, endpoint=None, extra=""):
    path = os.path.join(folder, f"secret-{secret}")
    with open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(secret + "\n")
    return (f'[s3]\nendpoint = "{endpoint or s3.endpoint}"\naccess_key = "{key}"\nsecret_file = "{path}"\n'
            f'cache_gib = 1\npart_mib = 5\n{extra}')


def get(server, path, method="GET", **headers):
    """Asks again, as an agent does, while the answer is 503."""
    for _ in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 503:
            return answer, body
        assert int(answer.headers["Retry-After"]) > 0
    raise AssertionError(f"{path} stays 503")


def expect_right(server, s3, names):
    server.command("content", "status", "--wait")
    task = server.command("content", "verify", "--deep")
    assert task["state"] == "succeeded", task
    assert [task[f] for f in ("missing", "wrong", "found", "unreadable", "strange")] == [0] * 5, task
    objects = s3.objects()
    assert set(objects) == names, set(objects) ^ names
    for name, path in objects.items():
        digest = hashlib.sha1(open(path, "rb").read()).hexdigest().upper()
        assert name[3:].startswith(digest), name


def fill(server, upstream):
    server.command("sync", "options", "--upstream", f"http://127.0.0.1:{upstream.port}",
                   "--products", "all", "--classifications", "all")
    server.command("sync", "now")
    server.command("rules", "add", "everything", "--classifications", "all", "--products", "all",
                   "--group", "All Computers")
    server.command("rules", "apply")
    server.command("content", "status", "--wait")


def doctor(server):
    """The finding about the content folder."""
    done = subprocess.run([program, "doctor", "--check", "content_folder", "--json", "--socket", server.socket],
                          capture_output=True, text=True, timeout=120)
    assert SECRET + "-wrong" not in done.stdout + done.stderr
    return done.stdout


def forget_copies(server):
    """The next start finds nothing in the folder here: all is in the bucket alone."""
    server.stop()
    shutil.rmtree(os.path.join(server.data, "cache"))
    server.start()


def serves(server, names):
    forget_copies(server)
    for name in sorted(names):
        answer, body = get(server, "/Content/" + name)
        assert answer.status == 200 and name[3:].startswith(hashlib.sha1(body).hexdigest().upper()), (name, answer.status)
    name = max(names, key=lambda n: os.path.getsize(os.path.join(server.data, "cache", n)))
    whole = open(os.path.join(server.data, "cache", name), "rb").read()
    told = get(server, "/Content/" + name, "HEAD")[0].headers
    forget_copies(server)
    head = get(server, "/Content/" + name, "HEAD")[0]
    assert (head.status, int(head.headers["Content-Length"])) == (200, len(whole)), (head.status, str(head.headers))
    assert head.headers["ETag"] == f'"{name[3:43].lower()}"'
    # BITS goes on only where the date is still the same.
    assert head.headers["Last-Modified"] == told["Last-Modified"], (told, head.headers)
    answer, body = get(server, "/Content/" + name, Range="bytes=3-99", If_Range=head.headers["ETag"])
    assert (answer.status, body) == (206, whole[3:100]), answer.status
    answer, body = get(server, "/Content/" + name, Range="bytes=3-99", If_Range='"another"')
    assert (answer.status, body) == (200, whole)
    assert get(server, "/Content/" + name, Range=f"bytes={len(whole)}-")[0].status == 416
    assert get(server, "/Content/" + name, If_Unmodified_Since=head.headers["Last-Modified"])[0].status == 200
    print(f"served: {len(names)} files from the bucket, ranges and conditions as from a folder")


def one_fetch_for_many(server, s3, name):
    """Sixteen agents want a file that is not here: it is read from the bucket once."""
    forget_copies(server)
    server.command("content", "status")
    before, answers = len(s3.requests), []
    agents = [threading.Thread(target=lambda: answers.append(get(server, "/Content/" + name)[0].status))
              for _ in range(16)]
    for agent in agents:
        agent.start()
    for agent in agents:
        agent.join()
    read = [r for r in s3.requests[before:] if r.startswith("GET") and name in r]
    assert answers == [200] * 16 and len(read) == 1, (answers, read)
    print("one fetch from the bucket for 16 agents")


def mends(server, s3, names):
    objects = s3.objects()
    first, second = sorted(objects)[:2]
    with open(objects[first], "r+b") as file:
        file.write(b"wrong")
    os.remove(objects[second])
    forget_copies(server)
    server.command("content", "status", "--wait")
    task = server.command("content", "verify", "--deep")
    assert task["wrong"] == 1, task
    expect_right(server, s3, names)
    print("verify --deep: an object that was changed and one that was removed were fetched and put again")


def killed_while_putting(server, s3, names):
    """kill -9 with half a request sent, at file after file: all are whole afterwards."""
    for step in range(6):
        for name, path in list(s3.objects().items())[step::6]:
            os.remove(path)
        dead = threading.Event()

        def kill():
            server.kill()
            dead.set()

        s3.on_put = kill
        with contextlib.suppress(AssertionError, ValueError):
            server.command("content", "verify", check=False)
        assert dead.wait(60), "nothing was put"
        server.start()
        server.command("content", "verify")
        expect_right(server, s3, names)
    print("put: killed 6 times in the middle of one, and nothing is wrong")


def refusals(s3, data, folder):
    """Each failure is its own sentence."""
    cases = [("bucket.secret", {"secret": SECRET + "-wrong"}, "secret_file"),
             ("bucket.key", {"key": "NOBODY"}, "access_key"),
             ("bucket.unreachable", {"endpoint": "http://127.0.0.1:1"}, "endpoint")]
    for code, changes, remedy in cases:
        server = Server(program, data, config=config(s3, folder, **changes)).start()
        said = doctor(server)
        assert code in said and remedy in said, (code, said)
        answer = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        answer.request("GET", "/Content/" + sorted(s3.objects())[0])
        answer.getresponse().read()
        assert server.command("content", "status")["failed"] == 0
        server.stop()
    said = open(os.path.join(os.path.dirname(data), "server.log"), errors="replace").read()
    assert SECRET + "-wrong" not in said, "the secret was logged"
    print("refusals: wrong secret, unknown key, nobody there: each said, and no file taken for lost")


def without_access(data):
    server = Server(program, data, config="")
    done = subprocess.run([program, "serve", "--data", data, "--address", "127.0.0.1", "--port", "0"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "[s3]" in done.stdout + done.stderr, done
    del server


def moves(server, s3, names, folder):
    refused = subprocess.run([program, "content", "move", "s3://nobodys/x", "--socket", server.socket],
                             capture_output=True, text=True, timeout=120)
    assert refused.returncode != 0 and "folder first" in refused.stderr + refused.stdout, refused
    local = os.path.join(folder, "local")
    task = server.command("content", "move", local)
    assert task["state"] == "succeeded" and task["copied"] == len(names), task
    assert not s3.objects(), "objects were left in the bucket"
    found = {f"{d}/{f}" for d in os.listdir(local) if d != ".partial" for f in os.listdir(os.path.join(local, d))}
    assert found == names
    refused = subprocess.run([program, "content", "move", "s3://nobodys/x", "--socket", server.socket],
                             capture_output=True, text=True, timeout=120)
    assert refused.returncode != 0 and "no such bucket" in refused.stderr + refused.stdout, refused
    dead = threading.Event()

    def kill():
        server.kill()
        dead.set()

    command = [program, "content", "move", PLACE, "--socket", server.socket]
    s3.chosen, s3.on_put = lambda request: b".headwater-probe-" not in request, kill
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert dead.wait(60), "nothing was put"
    server.start()
    assert server.command("content", "verify", "--deep")["missing"] == 0
    task = server.command("content", "move", PLACE)
    assert task["state"] == "succeeded", task
    expect_right(server, s3, names)
    assert not os.path.exists(local)
    print(f"move: {len(names)} files to a folder, and back after kill -9 in the middle")


def large_files(s3):
    """What is sent in parts, and a bucket whose list has several pages: the unit tests against this server."""
    environment = {**os.environ, "HEADWATER_S3_ENDPOINT": s3.endpoint}
    subprocess.run([sys.argv[2], "--gtest_filter=RealS3.*"], env=environment, check=True, timeout=200)
    print("parts of a large file, a list of several pages")


def clean_up(server, s3, names):
    ids = [update["id"] for update in server.command("updates", "list", "--limit", "1000")["updates"]]
    for start in range(0, len(ids) // 2, 50):
        server.command("updates", "decline", *ids[start:min(start + 50, len(ids) // 2)])
    task = server.command("content", "cleanup")
    left = set(s3.objects())
    assert task["freed"] > 0 and left < names, task
    expect_right(server, s3, left)
    print(f"cleanup: {len(names) - len(left)} of {len(names)} objects removed")


if not install():
    sys.exit(SKIPPED)
with tempfile.TemporaryDirectory(prefix="headwater-s3-") as folder:
    s3 = S3(os.path.join(folder, "s3"))
    source = os.path.join(folder, "upstream")
    subprocess.run([program, "sample-catalog", "--updates", "100", "--data", source], check=True, capture_output=True)
    upstream = Server(program, source).start()
    data = os.path.join(folder, "server")
    server = Server(program, data, config=config(s3, folder)).start()
    task = server.command("content", "move", PLACE)
    assert task["state"] == "succeeded", task
    fill(server, upstream)
    names = set(s3.objects())
    assert len(names) > 20, len(names)
    expect_right(server, s3, names)
    print(f"transferred: {len(names)} files to the bucket")
    assert "put, read, listed and removed" in doctor(server)
    serves(server, names)
    one_fetch_for_many(server, s3, sorted(names)[0])
    mends(server, s3, names)
    killed_while_putting(server, s3, names)
    server.stop()
    refusals(s3, data, folder)
    without_access(data)
    server = Server(program, data, config=config(s3, folder)).start()
    moves(server, s3, names, folder)
    clean_up(server, s3, names)
    server.stop()
    upstream.stop()
    large_files(s3)
    s3.close()
