"""A front, a real nginx, before gateways that only tell what they were asked."""

import json
import subprocess
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from deploy.local import front
from deploy.local.layout import ROOT
from deploy.local.ports import LOOPBACK, choose
from deploy.local.ports import answers as listens
from deploy.local.readiness import wait_until
from deploy.local.supervision import TIED

LARGE = bytes(1_700_000)  # as the largest file that is served to anybody


class Told(BaseHTTPRequestHandler):
    """Answers with the headers that arrived; /large with more than anybody waits for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked += 1
        body = LARGE if self.path == "/large" else json.dumps(dict(self.headers)).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.answered.set()

    do_POST = do_GET  # noqa: N815 - http.server looks for this name

    def log_message(self, *_):
        pass


def port_of(directory):
    """Return the port that a front of this directory has."""
    return choose(["front"], {}, directory / "ports.json")["front"]


@contextmanager
def running(directory, *gateway_ports, **replaced):
    """A front over gateways at these ports, with some of its files replaced; gives its address."""
    port = port_of(directory)
    front.prepare(directory / "front", port, gateway_ports)
    for name, text in replaced.items():
        (directory / "front" / f"{name}.conf").write_text(text)
    with (directory / "front.log").open("w") as log:
        process = subprocess.Popen([*TIED, *front.command(directory / "front")], cwd=ROOT, stdout=log)
    try:
        wait_until(lambda: listens(port), "the front", 20)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)
