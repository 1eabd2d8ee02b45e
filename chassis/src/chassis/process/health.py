"""Whether a service is alive, ready and how it fares: `/healthz`, `/readyz`, `/metrics` on HEALTH_PORT.

`/healthz` says only that the process turns. `/readyz` says whether it reaches its broker and its database, by
round trips of its own, since a frozen peer refuses nothing. They are made when somebody asks: nobody who asks
for nothing is probed for.
"""

import json
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import eventlet.wsgi
from eventlet.semaphore import Semaphore
from nameko.containers import ServiceContainer

from chassis.process.looking import PAGE_TYPE, Looking, looks_of
from chassis.running.gauges import Gauge, Look
from chassis.running.log import get_logger
from chassis.wire.kept import KeptConnection

KNOWN_S = 1.0
"""For so long what a probe found is told again, to however many who ask."""
PROBE_MAX_S = 1.5
ANSWER_MAX_S = 2.5
"""Whatever a probe waits for: who asks is told within this time, and well within the 3 s that they wait."""

_log = get_logger()


class BrokerProbe:
    """Asks the broker something small over a connection of its own."""

    def __init__(self, amqp_uri: str, service: str) -> None:
        self._broker = KeptConnection(amqp_uri, name=f"{service} probes", answer_max_s=PROBE_MAX_S)

    def __call__(self) -> None:
        """Return when the broker answered; raise what went wrong."""
        self._broker.ask(lambda: self._broker.channel.basic_qos(0, 1, a_global=False))

    def close(self) -> None:
        """Drop the connection."""
        self._broker.close()


ANSWERS = Gauge(
    "marelle_peer_answers",
    "1 where what the service needs answers, as its readiness has it, else 0.",
    ("peer",),
)


class _Peer:
    """One peer: whether it answered when it was last asked, and when that was."""

    def __init__(self, name: str, probe: Callable[[], None]) -> None:
        self._name = name
        self._probe = probe
        self._asking = Semaphore(1)
        self._asked_at = float("-inf")
        self._answered = False

    def answers(self) -> bool:
        """Say whether it answers; who asks while it is being asked waits for the same answer."""
        with self._asking:
            if time.monotonic() - self._asked_at >= KNOWN_S:
                self._answered = self._ask()
                self._asked_at = time.monotonic()
            return self._answered

    def look(self) -> Look:
        """Return the look at whether it answers, for the metrics page."""
        return Look((ANSWERS,), lambda: [ANSWERS.reads(float(self.answers()), self._name)])

    def _ask(self) -> bool:
        try:
            with eventlet.Timeout(ANSWER_MAX_S):
                self._probe()
        except (Exception, eventlet.Timeout) as error:  # noqa: BLE001 - whatever is wrong, it is not ready
            _log.debug("probe_failed", peer=self._name, reason=type(error).__name__)
            return False
        return True


class HealthServer:
    """Serves the three pages on HEALTH_HOST (default 127.0.0.1) and HEALTH_PORT; nothing without a port.

    Besides the broker, every dependency of the container that has a method `probe()` is a peer: it raises
    when what it depends on does not answer within a second and a half. Every dependency that has a method
    `looks()` has gauges, which stand on the metrics page.
    """

    def __init__(self, container: ServiceContainer) -> None:
        service = container.service_name
        self._peers = {"broker": _Peer("broker", BrokerProbe(container.config["AMQP_URI"], service))}
        for dependency in container.dependencies:
            if hasattr(dependency, "probe"):
                name = dependency.attr_name
                self._peers[name] = _Peer(name, dependency.probe)
        peers = [peer.look() for peer in self._peers.values()]
        self._looking = Looking(lambda: [*peers, *looks_of(container.dependencies)])
        self._draining = False
        self._server: Any = None

    def start(self) -> None:
        """Serve."""
        port = os.environ.get("HEALTH_PORT")
        if not port:
            return
        listener = eventlet.listen((os.environ.get("HEALTH_HOST", "127.0.0.1"), int(port)))
        self._server = eventlet.spawn(eventlet.wsgi.server, listener, self.application, log_output=False)

    def drain(self) -> None:
        """Say not ready from now on, so that nobody counts on a process that is ending."""
        self._draining = True

    def stop(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.kill()

    def application(
        self, environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
    ) -> Iterable[bytes]:
        """Return one of the three pages, or 404: a WSGI application."""
        match environ["PATH_INFO"]:
            case "/healthz":
                status, kind, body = "200 OK", "application/json", b'{"status":"alive"}'
            case "/readyz":
                status, kind, body = self._readiness()
            case "/metrics":
                status, kind, body = "200 OK", PAGE_TYPE, self._looking.page()
            case _:
                status, kind, body = "404 Not Found", "application/json", b'{"status":"unknown page"}'
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _readiness(self) -> tuple[str, str, bytes]:
        asked = {name: eventlet.spawn(peer.answers) for name, peer in self._peers.items()}
        peers = {name: answer.wait() for name, answer in asked.items()}
        ready = all(peers.values()) and not self._draining
        body = json.dumps({"ready": ready, "draining": self._draining, "peers": peers}).encode()
        return ("200 OK" if ready else "503 Service Unavailable"), "application/json", body
