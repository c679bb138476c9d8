"""Synchronizes over TLS from servers with certificates that openssl made: a good one, an expired one, one for another
name, one of an unknown issuer, and a port that speaks no TLS. Each failure has its own name, and the doctor explains it.

Usage: tls.py PROGRAM
"""

import os
import ssl
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from headwater import Proxy, Server  # noqa: E402

program = sys.argv[1]


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def authority(folder, name):
    path = os.path.join(folder, name)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path + ".key", "-out", path + ".pem",
            "-subj", f"/CN={name}", "-days", "30")
    return path


def certificate(folder, issuer, name, names, days):
    """A context of a server that shows it; valid for so many days, and with 0 not any more."""
    path = os.path.join(folder, name)
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", path + ".key", "-out", path + ".csr",
            "-subj", f"/CN={name}")
    with open(path + ".ext", "w") as file:
        file.write(f"subjectAltName={names}\n")
    openssl("x509", "-req", "-in", path + ".csr", "-CA", issuer + ".pem", "-CAkey", issuer + ".key", "-CAcreateserial",
            "-out", path + ".pem", "-days", str(days), "-extfile", path + ".ext")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path + ".pem", path + ".key")
    return context


def refused(error, code, port, reason, *causes):
    """What the history tells of a run whose certificate was refused: its sentence whole, and what stood behind it."""
    assert error["code"] == code, error
    assert error["message"] == f"No trusted TLS connection to 127.0.0.1:{port} could be made: {reason}", error
    assert error["stage"] == "connect" and error["request"].startswith(f"GetAuthConfig to https://127.0.0.1:{port}/"), error
    for cause in causes:
        assert any(cause in told for told in error["causes"]), error


def expect(text, *parts):
    for part in parts:
        assert part in text, f"{part!r} is not in {text!r}"


def diagnosed(server, check):
    found = server.command("doctor", "--check", check, check=False)["checks"][0]
    return " ".join([found["state"], found["finding"], found["remedy"], *found["evidence"]])


def main():
    with tempfile.TemporaryDirectory() as folder:
        ours, other = authority(folder, "ours"), authority(folder, "other")
        subprocess.run([program, "sample-catalog", "--updates", "150", "--seed", "4", "--data",
                        os.path.join(folder, "upstream")], check=True, capture_output=True)
        upstream = Server(program, os.path.join(folder, "upstream")).start()
        server = Server(program, os.path.join(folder, "server"),
                        config=f'trusted_certificates = "{ours}.pem"\n').start()
        server.command("sync", "options", "--products", "all", "--classifications", "all")

        def through(name, issuer, names, days):
            way = Proxy(upstream.port, certificate(folder, issuer, name, names, days))
            server.command("sync", "options", "--upstream", f"https://127.0.0.1:{way.port}")
            return way

        way = through("good", ours, "DNS:localhost,IP:127.0.0.1", 365)
        server.command("sync", "now")
        assert server.query("SELECT count(*) FROM revision") == upstream.query("SELECT count(*) FROM revision")
        expect(diagnosed(server, "tls"), "ok", "CN = good", "issued by CN = ours", "names localhost, 127.0.0.1")
        way.close()

        way = through("soon", ours, "IP:127.0.0.1", 10)
        expect(diagnosed(server, "tls"), "warning", "expires on")
        way.close()

        way = through("expired", ours, "IP:127.0.0.1", 0)
        refused(server.error_of("sync", "now"), "net.tls_expired", way.port, "its certificate has expired.",
                "OpenSSL: certificate has expired (10)", "SSL certificate problem")
        expect(diagnosed(server, "tls"), "error", "net.tls_expired", "CN = expired")
        expect(diagnosed(server, "last_synchronization"), "error", "net.tls_expired", "stage connect")
        way.close()

        way = through("elsewhere", ours, "DNS:wsus.corp.example,DNS:wsus", 365)
        refused(server.error_of("sync", "now"), "net.tls_name", way.port, "its certificate is for another name.",
                "127.0.0.1")
        expect(diagnosed(server, "tls"), "error", "Set the upstream by a name that its certificate holds: "
               "wsus.corp.example, wsus")
        way.close()

        way = through("stranger", other, "IP:127.0.0.1", 365)
        refused(server.error_of("sync", "now"), "net.tls_issuer", way.port,
                "the issuer of its certificate is not known.", "OpenSSL: unable to get local issuer certificate (20)")
        expect(diagnosed(server, "tls"), "error", "net.tls_issuer", "issued by CN = other")
        way.close()

        server.command("sync", "options", "--upstream", f"https://127.0.0.1:{upstream.port}")
        refused(server.error_of("sync", "now"), "net.tls_protocol", upstream.port,
                "the two did not agree on how to speak.", "wrong version number")
        expect(diagnosed(server, "tls"), "error", "net.tls_protocol")
        server.stop()
        upstream.stop()
    print("Synchronized over TLS; each certificate that cannot be trusted has its own name.")


main()
