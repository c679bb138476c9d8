"""The nginx that benchmarks measure beside, on a free port of loopback."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "integration"))
from headwater import free_port, wait_for_port  # noqa: E402


def start_nginx(folder, served):
    """`served` is what stands in its `server` block: where the files are. Returns the process and its port."""
    port = free_port()
    paths = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in
                    ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open(os.path.join(folder, "nginx.conf"), "w") as file:
        file.write(f"daemon off; user root; worker_processes auto; pid {folder}/pid; error_log stderr;\n"
                   f"events {{ worker_connections 2048; }}\nhttp {{ access_log off; sendfile on; {paths}\n"
                   f"server {{ listen 127.0.0.1:{port} backlog=1024; {served} }} }}\n")
    nginx = subprocess.Popen(["nginx", "-e", "stderr", "-c", os.path.join(folder, "nginx.conf")],
                             stderr=subprocess.DEVNULL)
    wait_for_port(port, nginx)
    return nginx, port
