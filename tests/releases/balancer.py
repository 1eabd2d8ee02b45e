"""One address in front of several gateways, as an installation has: who asks doesn't see which answers."""

import random
import select
import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Self

from deploy.local.ports import LOOPBACK

CHUNK = 65_536
DRAINED_WITHIN_S = 15.0


class Balancer:
    """Hands each connection to one of the gateways of the moment; `handed` counts them by gateway."""

    def __init__(self, port: int) -> None:
        self.url = f"http://{LOOPBACK}:{port}"
        self.handed: Counter[str] = Counter()
        self._gateways: dict[str, int] = {}
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()
        balancer = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                balancer._serve(self.request)

        self._server = _Server((LOOPBACK, port), Connection)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def lead_to(self, gateways: dict[str, int]) -> None:
        """Lead to these gateways, ports by name, from now on; returns when no other is at work any more."""
        with self._lock:
            self._gateways = dict(gateways)
        deadline = time.monotonic() + DRAINED_WITHIN_S
        while any(self._at_work(set(gateways))):
            if time.monotonic() > deadline:
                raise AssertionError(f"still at work: {self._at_work(set(gateways))}")
            time.sleep(0.05)

    def _at_work(self, wanted: set[str]) -> Sequence[str]:
        with self._lock:
            return [name for name, count in self._open.items() if count and name not in wanted]

    def _serve(self, client: socket.socket) -> None:
        with self._lock:
            name = random.choice(sorted(self._gateways))
            port = self._gateways[name]
            self.handed[name] += 1
            self._open[name] += 1
        try:
            with socket.create_connection((LOOPBACK, port)) as gateway:
                _pass_on(client, gateway)
        finally:
            with self._lock:
                self._open[name] -= 1


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def _pass_on(client: socket.socket, gateway: socket.socket) -> None:
    """Pass on what each says, until one has nothing more to say."""
    other = {client: gateway, gateway: client}
    while True:
        for speaking in select.select([client, gateway], [], [])[0]:
            said = speaking.recv(CHUNK)
            if not said:
                return
            other[speaking].sendall(said)
