"""Calling a service: clients, each with one connection, one channel and one reply queue of its own.

Every service called has a share of them, so that one that is slow takes its own and no other's. For threads
and greenlets alike. A call is never repeated here: only the caller knows whether that is safe. Here lives the
calling side; the answering side is doors/rpc.py and responder.py.
"""

import json
import select
import threading
import time
import uuid
from typing import Any, cast

import amqp

from chassis.running.log import get_logger
from chassis.values.clock import epoch_s
from chassis.values.context import Context, Signer
from chassis.values.errors import Failed, Refused, Unavailable, from_wire
from chassis.wire import bus
from chassis.wire.share import Limits, Share

TIMEOUT_S = 2.0
TIMEOUT_MAX_S = 5.0
CONNECT_MAX_S = 1.0
BLOCKED_MAX_S = 60.0
"""A broker that takes no messages is believed for so long; then a new connection asks anew."""
HOP_S = 0.1
"""What a hop keeps of its caller's time for itself, so that it can still answer."""

_log = get_logger()
_encode = json.JSONEncoder(separators=(",", ":")).encode


SHARE = Limits(open_max=8, line_max=24, wait_max_s=1.0)


class RpcPool:
    """Calls to any service, to each at most as many at once as `limits` say.

    Connections are made at the first need, therefore after a fork. `signer` gives the caller its name.
    """

    def __init__(self, amqp_uri: str, signer: Signer, limits: Limits = SHARE) -> None:
        self._amqp_uri = amqp_uri
        self._signer = signer
        self._limits = limits
        self._lock = threading.Lock()
        self._clients: list[RpcClient] = []
        self._shares: dict[str, Share[RpcClient]] = {}

    def call(
        self,
        service: str,
        method: str,
        context: Context,
        request: dict[str, Any],
        timeout_s: float = TIMEOUT_S,
    ) -> dict[str, Any]:
        """Return the answer of `service.method`, within `timeout_s` and the context's deadline.

        The time spent in line for a free client counts for the deadline, not for `timeout_s`. The context is
        signed anew for this method. Raises Refused, Unavailable or Failed, nothing else but a TypeError for
        a request that JSON can't carry.
        """
        body = _encode({"args": [], "kwargs": request})
        share = self._shares.get(service) or self._new_share(service)
        client, answered = share.take(_allowed_s(context, timeout_s)), False
        try:
            left_s = _allowed_s(context, timeout_s)
            headers = {
                "context": self._signer.sign(context, f"{service}.{method}"),
                "request_id": context.request_id,
                "deadline": int((epoch_s() + left_s) * 1000),
            }
            answer = client.call(f"{service}.{method}", body, headers, left_s)
            answered = True
        finally:
            share.give(client, answered=answered)
        if answer.get("error"):
            raise _told(from_wire(answer["error"]), service)
        return cast("dict[str, Any]", answer.get("result"))

    def connections(self) -> tuple[int, int]:
        """Return how many connections calls use at this moment, and how many more are open."""
        in_use = sum(share.open_count for share in list(self._shares.values()))
        return in_use, max(0, sum(client.connected for client in list(self._clients)) - in_use)

    def close(self) -> None:
        """Close every connection. The pool stays usable: the next call connects again."""
        for client in self._clients:
            client.close()

    def _new_share(self, service: str) -> Share["RpcClient"]:
        with self._lock:
            if service not in self._shares:
                clients = [
                    RpcClient(self._amqp_uri, self._signer.issuer) for _ in range(self._limits.open_max)
                ]
                self._clients += clients
                self._shares[service] = Share(self._limits, clients, service=service)
            return self._shares[service]


def _told(error: Refused | Unavailable | Failed, service: str) -> Refused | Unavailable | Failed:
    """Return what a caller makes of an error.

    A context that was signed here and is not believed there says that clocks or keys differ. That is no
    answer to the person, whose session is good, and it passes.
    """
    if isinstance(error, Refused) and error.code == "unauthenticated":
        _log.error("call_distrusted", service=service, why=error.detail)
        return Unavailable("distrusted", error.detail)
    return error


def _allowed_s(context: Context, timeout_s: float) -> float:
    allowed_s = min(timeout_s, TIMEOUT_MAX_S)
    if context.deadline is not None:
        allowed_s = min(allowed_s, context.deadline.timestamp() - epoch_s() - HOP_S)
    if allowed_s <= 0:
        raise Unavailable("timeout", "the caller's own deadline leaves no time for this call")
    return allowed_s


class RpcClient:
    """One connection, used by one call at a time. Any error but a single time-out drops the connection."""

    def __init__(self, amqp_uri: str, user: str) -> None:
        self._uri = amqp_uri
        self._user = user
        self._connection: bus.Connection | None = None
        self._channel: amqp.Channel = None
        self._reply_to = ""
        self._awaited: str | None = None
        self._outcome: amqp.Message | Exception | None = None
        self._heard = True
        self._blocked_at: float | None = None

    def call(self, routing_key: str, body: str, headers: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        """Return the JSON object that the reply to a request holds; raises Refused or Unavailable."""
        deadline = time.monotonic() + timeout_s
        self._outcome = None
        try:
            self._be_connected(min(CONNECT_MAX_S, timeout_s))
            if self._blocked_at is None:
                self._publish(routing_key, body, headers, deadline)
            outcome = self._wait(deadline)
        except TimeoutError:
            self._after_silence()
            raise Unavailable("timeout", routing_key) from None
        except amqp.AccessRefused as error:
            self.close()
            raise Refused("forbidden", f"the broker does not let {self._user} call {routing_key}") from error
        except bus.BUS_ERRORS as error:
            self.close()
            raise Unavailable("connection", type(error).__name__) from error
        except BaseException:
            # A greenlet killed in the middle leaves half a frame behind.
            self.close()
            raise
        finally:
            self._awaited = None
        if isinstance(outcome, Exception):
            raise outcome
        return _decode(outcome)

    @property
    def connected(self) -> bool:
        """Say whether it has a connection."""
        return self._connection is not None

    def close(self) -> None:
        """Drop the connection; the broker deletes the reply queue with it."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            connection.collect()

    def _be_connected(self, timeout_s: float) -> None:
        if self._connection is not None and self._is_quiet() and not self._blocked_for_long():
            return
        self.close()
        self._heard, self._blocked_at = True, None
        unique = uuid.uuid4().hex
        try:
            self._connection = bus.connect(
                self._uri, name=f"{self._user} calls", timeout_s=timeout_s, on_blocked=self._on_blocked
            )
            self._channel = self._connection.channel()
            self._channel.events["basic_return"].add(self._on_return)
            name = bus.reply_queue(self._user, unique)
            self._reply_to = bus.reply_key(self._user, unique)
            self._channel.queue_declare(name, durable=False, exclusive=True, auto_delete=True)
            self._channel.queue_bind(name, bus.RPC_EXCHANGE, self._reply_to)
            self._channel.basic_consume(name, no_ack=True, callback=self._on_reply)
        except bus.BUS_ERRORS as error:
            self.close()
            raise Unavailable("connection", type(error).__name__) from error

    def _is_quiet(self) -> bool:
        """Say whether nothing came meanwhile but late replies, which are dropped.

        Finding a dead connection before anything is sent saves one lost call per client after a restart.
        """
        connection = self._connection
        try:
            while connection is not None and _has_news(connection):
                connection.drain_events(timeout=0.01)
        except TimeoutError:
            return True
        except (ValueError, *bus.BUS_ERRORS):
            return False
        return connection is not None

    def _publish(self, routing_key: str, body: str, headers: dict[str, Any], deadline: float) -> None:
        self._awaited = uuid.uuid4().hex
        left_ms = int((deadline - time.monotonic()) * 1000)
        if left_ms <= 0:
            raise TimeoutError
        message = amqp.Message(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=self._awaited,
            reply_to=self._reply_to,
            delivery_mode=1,
            # Without it a service that was down would do, when it is back, what nobody waits for any more.
            expiration=str(left_ms),
            application_headers=headers,
        )
        self._channel.basic_publish(message, bus.RPC_EXCHANGE, routing_key, mandatory=True)

    def _wait(self, deadline: float) -> amqp.Message | Exception:
        connection = self._connection
        while self._outcome is None:
            if self._blocked_at is not None:
                return Unavailable("connection", "the broker takes no messages for now")
            left_s = deadline - time.monotonic()
            if left_s <= 0 or connection is None:
                raise TimeoutError
            connection.drain_events(timeout=left_s)
        return self._outcome

    def _on_reply(self, message: amqp.Message) -> None:
        self._heard = True
        if message.properties.get("correlation_id") == self._awaited:
            self._outcome = message

    def _on_return(self, _error: Exception, _exchange: str, key: str, message: amqp.Message) -> None:
        self._heard = True
        if message.properties.get("correlation_id") == self._awaited:
            self._outcome = Unavailable("no_service", f"nobody answers to {key}")

    def _on_blocked(self, blocked: bool) -> None:  # noqa: FBT001 - called by the connection
        self._blocked_at = time.monotonic() if blocked else None

    def _blocked_for_long(self) -> bool:
        return self._blocked_at is not None and time.monotonic() - self._blocked_at > BLOCKED_MAX_S

    def _after_silence(self) -> None:
        """One silent call may be a slow service; a second one in a row may be a dead connection."""
        if not self._heard:
            self.close()
        self._heard = False


def _has_news(connection: bus.Connection) -> bool:
    return bus.has_unread(connection) or bool(select.select([connection.transport.sock], [], [], 0)[0])


def _decode(message: amqp.Message) -> dict[str, Any]:
    try:
        answer = json.loads(message.body)
    except ValueError:
        raise Failed("UnreadableReply") from None
    if not isinstance(answer, dict):
        raise Failed("UnreadableReply")
    return answer
