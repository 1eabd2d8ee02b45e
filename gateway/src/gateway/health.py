"""Is this process alive, and can it serve? For supervisors and load balancers, without a session."""

import socket
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app

from chassis.values.cache import Cache
from gateway import policy

READY_TTL_S: Final = 1.0
CONNECT_TIMEOUT_S: Final = 1.0
AMQP_PORT: Final = 5672
AMQPS_PORT: Final = 5671

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@policy.anonymous
def healthz() -> Response:
    """Answer as long as the process answers at all."""
    return Response('{"status":"ok"}', mimetype="application/json")


@blueprint.get("/readyz")
@policy.anonymous
def readyz() -> Response:
    """Answer 200 while the broker can be reached, else 503."""
    ready: Callable[[], bool] = current_app.extensions["ready"]
    status, text = (200, "ready") if ready() else (503, "broker unreachable")
    return Response(f'{{"status":"{text}"}}', status, mimetype="application/json")


def broker_probe(amqp_uri: str) -> Callable[[], bool]:
    """Return a probe that opens the broker's port and asks for its greeting, at most once a second.

    A frozen broker still accepts connections (its kernel does), hence the greeting: a broker that does not
    answer the protocol header is not ready.
    """
    address = urlsplit(amqp_uri)
    secured = address.scheme == "amqps"
    port = address.port or (AMQPS_PORT if secured else AMQP_PORT)
    known: Cache[str, bool] = Cache(READY_TTL_S, 1)

    def ask() -> bool:
        return _greets(address.hostname or "127.0.0.1", port, secured=secured)

    return lambda: known.get_or("broker", ask)


def _greets(host: str, port: int, *, secured: bool) -> bool:
    try:
        with ExitStack() as open_ones:
            connection = open_ones.enter_context(socket.create_connection((host, port), CONNECT_TIMEOUT_S))
            if secured:
                context = ssl.create_default_context()
                connection = open_ones.enter_context(context.wrap_socket(connection, server_hostname=host))
            connection.settimeout(CONNECT_TIMEOUT_S)
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return connection.recv(1) == b"\x01"  # a method frame: Connection.Start
    except OSError:
        return False
