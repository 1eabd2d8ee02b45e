"""What must be answered now: a method that may be called over the bus.

Such a door verifies who calls before it looks at what is asked, and fails closed.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import amqp
from marshmallow import Schema, ValidationError
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension, register_entrypoint

from chassis.doors.capabilities import Needs, Roles
from chassis.running import metrics
from chassis.running.log import get_logger
from chassis.storage.mongo import is_outage
from chassis.values.clock import epoch_s
from chassis.values.context import Context, Verifier
from chassis.values.errors import Failed, FieldError, Refused, Unavailable
from chassis.wire import bus
from chassis.wire.consumer import Consumer
from chassis.wire.responder import Responder

F = TypeVar("F", bound=Callable[..., Any])

_log = get_logger()

_SHUT = {"unauthenticated", "forbidden"}
"""Refusals that no caller of ours meets: whoever does is not who they say, or may not do what they ask."""


def rpc(needs: Needs, *, request: Schema | None = None, reply: Schema | None = None) -> Callable[[F], F]:
    """Make `door(call, request) -> dict` callable over the bus; a method gets the context instead of a call.

    `needs` says who may call (see `capabilities`); there is no default. `request` loads the keyword arguments
    of the call (without it any are refused); a request that it does not take is Refused("malformed"). `reply`
    says what the answer looks like, and is checked when CHASSIS_CHECK_REPLIES is 1, as in all tests.
    """

    def register(method: F) -> F:
        register_entrypoint(method, RpcDoor(needs, request or Schema(), reply))
        return method

    return register


class _ExpiredError(Exception):
    """The caller stopped waiting before a worker was free."""


class RpcConsumer(SharedExtension):
    """Reads the service's request queue and hands each request to its door."""

    consumer = Consumer()
    responder = Responder()

    def __init__(self) -> None:
        self._doors: dict[str, RpcDoor] = {}

    def setup(self) -> None:
        """Know the keys of all callers; consume one queue for all doors."""
        self.verifier = Verifier.from_directory(self.container.config["KEYS_DIR"])
        self.consumer.register(bus.rpc_queue(self.container.service_name), self._on_message)

    def register(self, door: "RpcDoor") -> None:
        """Let a door answer to its method's name."""
        self._doors[f"{self.container.service_name}.{door.method_name}"] = door

    def finish(
        self,
        message: amqp.Message,
        result: object = None,
        error: Refused | Unavailable | Failed | None = None,
    ) -> None:
        """Reply, then acknowledge: if the service dies before, another copy is asked meanwhile."""
        self.responder.reply(message, result, error)
        self.consumer.ack(message)

    def _on_message(self, message: amqp.Message) -> None:
        door = self._doors.get(message.delivery_info["routing_key"])
        if door is None:
            self.finish(message, error=Failed("MethodNotFound"))
        else:
            door.on_message(message)


class RpcDoor(Entrypoint):
    """One method that may be called over the bus; see `rpc`."""

    rpc_consumer = RpcConsumer()
    answers_errors = True

    def __init__(self, needs: Needs, request: Schema, reply: Schema | None) -> None:
        super().__init__()
        self.needs = needs
        self.accepts = {issuer: frozenset(kinds) for issuer, kinds in needs.accepts.items()}
        self.request = request
        self.reply = reply

    def setup(self) -> None:
        """Register at the consumer that all doors share."""
        self.rpc_consumer.register(self)
        self._name = f"{self.container.service_name}.{self.method_name}"
        self._roles: Roles = getattr(self.container.service_cls, "roles", {})
        self._seconds = metrics.SECONDS.labels(self._name)
        self._checks_replies = self.reply is not None and os.environ.get("CHASSIS_CHECK_REPLIES") == "1"

    def stop(self) -> None:
        """Take no more calls; those that run are finished by the container."""
        self.rpc_consumer.consumer.stop_consuming()

    def on_message(self, message: amqp.Message) -> None:
        """Verify, load and start one call; what is not acceptable is answered at once."""
        started = time.monotonic()
        try:
            call = self._admit(message)
        except Refused as refusal:
            self._end(message, started, error=refusal)
            return
        if call is None:
            self._drop(message, started)
            return
        context, request = call
        try:
            self.container.spawn_worker(
                self,
                (context, request),
                {},
                context_data={"request_id": context.request_id},
                handle_result=partial(self._on_result, message, started),
            )
        except ContainerBeingKilled:
            self.rpc_consumer.consumer.requeue(message)

    def before_work(self, worker_ctx: Any) -> None:
        """Look at the deadline again: every worker may have been busy since the request was read."""
        if _is_over(worker_ctx.args[0].deadline):
            raise _ExpiredError

    def _drop(self, message: amqp.Message, started: float) -> None:
        """Leave a request undone and unanswered, since nobody waits for it any more.

        To do it now would be to do it behind the caller's back.
        """
        self.rpc_consumer.consumer.ack(message)
        self._count("expired", started)

    def _admit(self, message: amqp.Message) -> tuple[Context, Any] | None:
        """The caller's context and its loaded request; None when its deadline has passed."""
        headers = message.properties.get("application_headers") or {}
        context = self.rpc_consumer.verifier.verify(headers.get("context"), self._name)
        self.needs.scope(context, self._roles)
        deadline = _deadline(headers.get("deadline"))
        if _is_over(deadline):
            return None
        return replace(context, deadline=deadline), self._load(message.body)

    def _load(self, body: bytes | str) -> Any:
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            raise Refused("malformed", "the body is not JSON") from None
        match payload:
            case {"args": [], "kwargs": dict() as given}:
                pass
            case _:
                raise Refused("malformed", "the body is not a call")
        try:
            return self.request.load(given)
        except ValidationError as error:
            raise Refused("malformed", self._name, errors=field_errors(error.messages)) from None

    def _on_result(
        self, message: amqp.Message, started: float, _worker_ctx: object, result: Any, exc_info: Any
    ) -> tuple[object, Any]:
        if exc_info is not None and exc_info[0] is _ExpiredError:
            self._drop(message, started)
        elif exc_info is not None:
            self._end(message, started, error=_answer_to(exc_info))
        elif self._checks_replies and self.reply is not None and (wrong := self.reply.validate(result)):
            _log.error("reply_breaks_contract", door=self._name, wrong=wrong)
            self._end(message, started, error=Failed("ReplyBreaksContract"))
        else:
            self._end(message, started, result)
        return result, exc_info

    def _end(
        self,
        message: amqp.Message,
        started: float,
        result: object = None,
        error: Refused | Unavailable | Failed | None = None,
    ) -> None:
        self.rpc_consumer.finish(message, result, error)
        match error:
            case None:
                outcome = "answered"
            case Refused():
                outcome = error.code
                if outcome in _SHUT:
                    _log.warning("call_refused", door=self._name, code=outcome, why=error.detail)
            case _:
                outcome = type(error).__name__.lower()
        self._count(outcome, started)

    def _count(self, outcome: str, started: float) -> None:
        metrics.CALLS.labels(self._name, outcome).inc()
        self._seconds.observe(time.monotonic() - started)


def field_errors(messages: Any, pointer: str = "") -> list[FieldError]:
    """Marshmallow's nested messages as a flat list of JSON pointers (RFC 6901)."""
    if isinstance(messages, Mapping):
        return [
            error
            for key, inner in messages.items()
            for error in field_errors(inner, pointer if key == "_schema" else f"{pointer}/{_escaped(key)}")
        ]
    texts = messages if isinstance(messages, list) else [messages]
    return [FieldError(pointer=pointer, messages=[str(text) for text in texts])]


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _deadline(header: object) -> datetime:
    """The instant after which the caller no longer listens; a call that names none is not one of ours."""
    if not isinstance(header, int) or isinstance(header, bool):
        raise Refused("malformed", "the call carries no deadline")
    try:
        return datetime.fromtimestamp(header / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        raise Refused("malformed", "the call's deadline is no instant") from None


def _is_over(deadline: datetime) -> bool:
    return deadline.timestamp() <= epoch_s()


def _answer_to(exc_info: Any) -> Refused | Unavailable | Failed:
    """What the caller is told of an exception; the log alone gets its stack."""
    error = exc_info[1]
    if isinstance(error, Refused):
        return error
    if isinstance(error, Unavailable):
        _log.warning("call_unavailable", reason=error.reason, detail=error.detail)
        return error
    if is_outage(error):
        _log.warning("database_unavailable", reason=type(error).__name__)
        return Unavailable("database")
    _log.error("call_failed", exc_info=exc_info)
    return Failed(error.type_name if isinstance(error, Failed) else type(error).__name__)
