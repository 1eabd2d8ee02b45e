"""Whether a service is alive, ready and how it fares: `/healthz`, `/readyz`, `/metrics` on HEALTH_PORT.

`/healthz` says only that the process turns. `/readyz` says whether it reaches its broker and its database, by
round trips of its own, since a frozen peer refuses nothing.
"""

import json
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import eventlet.wsgi
from nameko.containers import ServiceContainer
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.running.log import get_logger
from chassis.wire import bus

PROBE_EVERY_S = 1.0
PROBE_MAX_S = 1.5
STALE_S = 3.0
"""A peer that has not answered for so long is lost: that shows within 5 s, however it was lost."""

_log = get_logger()


class BrokerProbe:
    """Asks the broker something small over a connection of its own."""

    def __init__(self, amqp_uri: str, service: str) -> None:
        self._uri = amqp_uri
        self._service = service
        self._connection: bus.Connection | None = None
        self._channel: Any = None

    def __call__(self) -> None:
        """Return when the broker answered; raise what went wrong."""
        try:
            if self._connection is None:
                self._connection = bus.connect(
                    self._uri, name=f"{self._service} probes", timeout_s=PROBE_MAX_S
                )
                self._channel = self._connection.channel()
            self._channel.basic_qos(0, 1, a_global=False)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Drop the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect()


class _Watched:
    """One peer: when it last answered, asked again and again by a greenlet."""

    def __init__(self, probe: Callable[[], None]) -> None:
        self._probe = probe
        self._answered_at = float("-inf")

    @property
    def ready(self) -> bool:
        return time.monotonic() - self._answered_at < STALE_S

    def watch(self) -> None:
        while True:
            try:
                self._probe()
                self._answered_at = time.monotonic()
            except Exception as error:  # noqa: BLE001 - whatever is wrong, the peer is not ready
                self._answered_at = float("-inf")
                _log.debug("probe_failed", reason=type(error).__name__)
            eventlet.sleep(PROBE_EVERY_S)


class HealthServer:
    """Serves the three pages on HEALTH_HOST (default 127.0.0.1) and HEALTH_PORT; nothing without a port.

    Besides the broker, every dependency of the container that has a method `probe()` is watched: it raises
    when what it depends on does not answer within a second and a half.
    """

    def __init__(self, container: ServiceContainer) -> None:
        service = container.service_name
        self._watched = {"broker": _Watched(BrokerProbe(container.config["AMQP_URI"], service))}
        for dependency in container.dependencies:
            if hasattr(dependency, "probe"):
                self._watched[dependency.attr_name] = _Watched(dependency.probe)
        self._draining = False
        self._greenlets: list[Any] = []

    def start(self) -> None:
        """Probe and serve."""
        port = os.environ.get("HEALTH_PORT")
        if not port:
            return
        listener = eventlet.listen((os.environ.get("HEALTH_HOST", "127.0.0.1"), int(port)))
        self._greenlets = [eventlet.spawn(watched.watch) for watched in self._watched.values()]
        self._greenlets.append(
            eventlet.spawn(eventlet.wsgi.server, listener, self.application, log_output=False)
        )

    def drain(self) -> None:
        """Say not ready from now on, so that nobody counts on a process that is ending."""
        self._draining = True

    def stop(self) -> None:
        """Stop serving and probing."""
        for greenlet in self._greenlets:
            greenlet.kill()

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
                status, kind, body = "200 OK", CONTENT_TYPE_LATEST, generate_latest()
            case _:
                status, kind, body = "404 Not Found", "application/json", b'{"status":"unknown page"}'
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _readiness(self) -> tuple[str, str, bytes]:
        peers = {name: watched.ready for name, watched in self._watched.items()}
        ready = all(peers.values()) and not self._draining
        body = json.dumps({"ready": ready, "draining": self._draining, "peers": peers}).encode()
        return ("200 OK" if ready else "503 Service Unavailable"), "application/json", body
