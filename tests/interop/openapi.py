"""Holds real answers of the administrators' API against its description, by the jsonschema of Debian."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import urllib.parse

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)


class LocalConnection(http.client.HTTPConnection):
    """HTTP over the local socket of a server."""

    def __init__(self, path):
        super().__init__("localhost", timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Api:
    def __init__(self, socket):
        self.socket = socket
        self.description = self.ask("GET", "/openapi.json")[1]
        self.seen = set()

    def ask(self, method, path, body=None):
        connection = LocalConnection(self.socket)
        connection.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def check(self, schema, value, where):
        resolver = jsonschema.RefResolver("", self.description)
        errors = [f"{where}: {list(error.absolute_path)}: {error.message[:300]}"
                  for error in jsonschema.Draft202012Validator(schema, resolver=resolver).iter_errors(value)]
        assert not errors, "\n".join(errors)

    def conforms(self, method, pattern, path, body=None, status=None):
        """Asks, and checks what was sent and what came against the description of the operation."""
        operation = self.description["paths"][pattern][method.lower()]
        got, answer = self.ask(method, path, body)
        where = f"{method} {path} ({got})"
        if got >= 400:
            assert status == got, f"{where}: {answer}"
            self.check({"$ref": "#/components/schemas/Problem"}, answer, where)
            return answer
        if body is not None:
            self.check(operation["requestBody"]["content"]["application/json"]["schema"], body, where + " request")
        described = operation["responses"][str(got)]
        self.check(described["content"]["application/json"]["schema"], answer, where)
        self.seen.add((method, pattern))
        return answer


def walk(api):
    gets = [pattern for pattern, item in api.description["paths"].items()
            if "get" in item and "x-only-over-the-network" not in item["get"] and "{" not in pattern
            and pattern != "/openapi.json"]
    assert len(gets) > 15, gets
    for pattern in gets:
        api.conforms("GET", pattern, pattern)
    for update in api.conforms("GET", "/updates", "/updates?state=any&limit=60")["updates"]:
        api.conforms("GET", "/updates/{id}", "/updates/" + update["id"])
    computer = api.conforms("GET", "/computers", "/computers?limit=5")["computers"][0]["id"]
    api.conforms("GET", "/computers/{id}", "/computers/" + urllib.parse.quote(computer))
    run = api.conforms("GET", "/synchronization/runs", "/synchronization/runs?limit=5")["runs"][0]["id"]
    api.conforms("GET", "/synchronization/runs/{id}", f"/synchronization/runs/{run}")
    for change in ("new", "revised", "expired"):
        api.conforms("GET", "/synchronization/runs/{id}/updates",
                     f"/synchronization/runs/{run}/updates?change={change}&limit=20")
    for check in api.conforms("GET", "/doctor", "/doctor")["checks"]:
        api.conforms("POST", "/doctor/checks/{name}", "/doctor/checks/" + check["name"], {"fix": False})
    api.conforms("GET", "/updates/{id}", "/updates/no-such-update", status=404)
    api.conforms("GET", "/events", "/events?severity=loud", status=400)


def content(api):
    for name, body in (("verify", {"deep": True}), ("reset", None), ("cleanup", None),
                       ("move", {"folder": os.path.join(os.path.dirname(api.socket), "moved")})):
        api.conforms("POST", "/content/" + name, "/content/" + name, body)
        state = "running"
        while state == "running":
            task = api.conforms("GET", "/content/task", "/content/task?wait=2000")
            state = task["state"]
        assert state == "succeeded", task
    api.conforms("DELETE", "/content/task", "/content/task", status=409)
    api.seen.add(("DELETE", "/content/task"))


def transfers(api):
    options = api.conforms("GET", "/options/content", "/options/content")
    window = {"from": "08:00", "until": "18:00", "kib_per_second": 512}
    api.conforms("PUT", "/options/content", "/options/content", {**options, "kib_per_second": 0, "windows": [window]})
    api.conforms("PUT", "/options/content", "/options/content", {"windows": []})
    for action in ("pause", "stop", "restart"):
        api.conforms("POST", "/transfers/service", "/transfers/service", {"action": action})
    for name in ("pause", "resume", "retry"):
        api.conforms("POST", "/transfers/" + name, "/transfers/" + name, {"all": True})
    update = api.ask("GET", "/updates?state=approved&limit=1")[1]["updates"][0]["id"]
    api.conforms("POST", "/transfers/cancel", "/transfers/cancel", {"updates": [update], "decline": False})
    api.conforms("GET", "/transfers", "/transfers?wait=20000&state=failed")
    api.conforms("GET", "/updates", "/updates?content=failed")


def change(api):
    update = api.conforms("GET", "/updates", "/updates?state=approved&limit=1")["updates"][0]["id"]
    api.conforms("POST", "/groups", "/groups", {"name": "Test Ring", "parent": "All Computers"})
    api.conforms("POST", "/updates/approvals", "/updates/approvals",
                 {"updates": [update], "groups": ["Test Ring"], "action": "install", "deadline": "2027-01-01T03:00:00Z"})
    api.conforms("POST", "/updates/declines", "/updates/declines", {"updates": [update], "declined": True})
    api.conforms("GET", "/updates/{id}", "/updates/" + update)
    computer = api.ask("GET", "/computers")[1]["computers"][0]["id"]
    api.conforms("PUT", "/computers/{id}/groups", f"/computers/{computer}/groups", {"groups": ["Test Ring"]})
    api.conforms("DELETE", "/groups/{id}", "/groups/Test%20Ring")
    options = api.conforms("GET", "/options/synchronization", "/options/synchronization")
    api.conforms("PUT", "/options/synchronization", "/options/synchronization",
                 {**options, "upstream": "http://127.0.0.1:1", "schedule": {"mode": "daily", "first_time": "03:00"}})
    api.conforms("POST", "/options/synchronization/test", "/options/synchronization/test", {"upstream": "http://127.0.0.1:1"})
    api.conforms("POST", "/synchronization", "/synchronization", {"kind": "scheduled"})
    state = {"running": True, "version": 0}
    while state["running"] or state["retry"] is None:
        state = api.conforms("GET", "/synchronization", f"/synchronization?wait=2000&after={state['version']}")
    failed = api.conforms("GET", "/synchronization/runs", "/synchronization/runs?limit=1")["runs"][0]
    assert failed["error"]["code"] == "net.connect" and failed["checks"], failed
    api.conforms("DELETE", "/synchronization", "/synchronization", status=409)
    api.seen.add(("DELETE", "/synchronization"))
    for pattern in ("/health", "/backup", "/catalog/rebuild", "/rules/apply", "/content/retry"):
        api.conforms("POST", pattern, pattern)
    content(api)
    transfers(api)
    rules = api.conforms("GET", "/rules", "/rules")["rules"]
    api.conforms("PUT", "/rules", "/rules",
                 {"rules": [{**rule, "groups": [group["id"] for group in rule["groups"]]} for rule in rules]})
    api.conforms("PUT", "/options/health", "/options/health", {"synchronization_days": 9})
    api.conforms("POST", "/users", "/users", {"name": "anna", "role": "administrator", "password": "a long password"})
    api.conforms("PUT", "/users/{name}", "/users/anna", {"password": "another long password"})
    api.conforms("POST", "/users", "/users", {"name": "rita", "password": "a long password"})
    api.conforms("GET", "/users", "/users")
    api.conforms("DELETE", "/users/{name}", "/users/rita")
    api.conforms("DELETE", "/users/{name}", "/users/anna", status=409)


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        demo = subprocess.Popen([program, "demo", "--updates", "200", "--data", os.path.join(folder, "demo")],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            for line in demo.stdout:
                if re.search("until Ctrl", line):
                    break
            assert demo.poll() is None, "the demonstration ended"
            api = Api(os.path.join(folder, "demo", "server", "headwater.sock"))
            walk(api)
            change(api)
            local = {(method.upper(), pattern) for pattern, item in api.description["paths"].items()
                     for method, operation in item.items()
                     if "x-only-over-the-network" not in operation and pattern != "/openapi.json"}
            assert api.seen == local, f"not asked: {local - api.seen}"
            print(f"{len(local)} operations answer as they are described")
        finally:
            demo.terminate()
            demo.wait(timeout=60)


main(sys.argv[1])
