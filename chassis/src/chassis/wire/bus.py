"""Connections to the broker, and the names on it that both ends of a call must agree on.

Everything here works the same in threads (the gateway) and greenlets (the services).
"""

from collections.abc import Callable
from typing import Any

import amqp
from kombu.utils.url import parse_url

RPC_EXCHANGE = "nameko-rpc"
READ_BYTES = 65_536
BUS_ERRORS = (OSError, EOFError, amqp.AMQPError)
"""What a lost, refused or frozen connection raises. A time-out is an OSError; EOFError is eventlet's."""


class Connection(amqp.Connection):
    """A connection as py-amqp makes it, under a name that types can be written with: py-amqp has none."""


def connect(
    uri: str,
    *,
    name: str,
    timeout_s: float,
    heartbeat_s: int = 0,
    on_blocked: Callable[[bool], None] | None = None,
) -> Connection:
    """Return an open connection whose reads and writes end within `timeout_s`, unless asked otherwise.

    With `amqps:` the broker shows a certificate of its name, by an authority of the system's or of the file
    that SSL_CERT_FILE names. `name` is what the broker's own tools show. `on_blocked` is called, by whoever
    reads, with True when the broker says that it takes no messages (no room), and with False when it does
    again.
    Raises one of BUS_ERRORS.
    """
    parts: dict[str, Any] = parse_url(uri)
    host, secured = parts["hostname"] or "127.0.0.1", parts["transport"] == "amqps"
    connection = Connection(
        host=f"{host}:{parts['port'] or (5671 if secured else 5672)}",
        userid=parts["userid"] or "guest",
        password=parts["password"] or "guest",
        login_method="PLAIN",
        virtual_host=parts["virtual_host"] or "/",
        # without the name, a certificate of whomever would do
        ssl={"server_hostname": host} if secured else False,
        connect_timeout=timeout_s,
        heartbeat=heartbeat_s,
        client_properties={"connection_name": name},
        on_blocked=(lambda _reason: on_blocked(True)) if on_blocked else None,
        on_unblocked=(lambda: on_blocked(False)) if on_blocked else None,
    )
    try:
        connection.connect()
    except BaseException:
        connection.collect()
        raise
    _publish_without_reading(connection)
    connection.transport.sock.settimeout(timeout_s)
    _read_ahead(connection.transport)
    return connection


def _publish_without_reading(connection: Connection) -> None:
    """Forget, once the broker knows it, that we hear when it takes no messages.

    As long as py-amqp remembers, it reads from the socket before every publication, in whatever greenlet
    publishes: a system call for each message, and a crash when another greenlet is reading.
    """
    connection.client_properties.get("capabilities", {})["connection.blocked"] = False


def _read_ahead(transport: Any) -> None:
    """Take what has arrived in one system call.

    py-amqp asks the socket for the head, the content and the last byte of every frame, nine times for a
    message. It keeps what it was given beyond that in its buffer, and looks there first.
    """
    receive = transport._quick_recv  # noqa: SLF001 - the one place that py-amqp reads through
    transport._quick_recv = lambda wanted: receive(max(wanted, READ_BYTES))  # noqa: SLF001


def has_unread(connection: Connection) -> bool:
    """Say whether something was taken from the socket that nobody has looked at yet."""
    return bool(connection.transport._read_buffer)  # noqa: SLF001


def rpc_queue(service: str) -> str:
    """Return the queue in which requests to `service` wait."""
    return f"rpc-{service}"


def reply_queue(user: str, unique: str) -> str:
    """Return the exclusive queue of one caller; `user` is its name on the broker."""
    return f"rpc.reply-{user}-{unique}"


def reply_key(user: str, unique: str) -> str:
    """Return the routing key of that queue."""
    return f"reply.{user}.{unique}"
