"""One event as it travels: its envelope, how it is written, and how it is read back.

Here is no broker and no database; sending is in `outbox`, receiving in `events`.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from chassis.values.actor import Actor
from chassis.values.context import Context, service_context
from chassis.values.instants import to_text

SIZE_MAX = 1_048_576
"""Bytes of one message; what is larger is refused before it is read."""
VERSION_DIGITS_MAX = 4
PACK = "events"
PACK_MAX = 50
PACK_BYTES_MAX = 262_144
"""Of events of one name that wait together, so many travel in one message: `packed`."""


class Unreadable(Exception):  # noqa: N818 - named for what is wrong with the message
    """A message that no repetition will make better: not JSON, not an envelope, too large."""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that a service told.

    `sequence` orders the events of one aggregate; `correlation_id` is the id of the request it follows from.
    `newer` tells the same fact once more for who reads later versions: {"2": data}. All versions travel in
    one message, so that of two copies of a consumer, one old and one new, whichever gets it can read it.
    `actor` is who caused it; events of earlier releases name none.
    """

    id: str
    name: str
    version: int
    organisation_id: str
    aggregate_id: str
    sequence: int
    occurred_at: datetime
    causation_id: str | None
    correlation_id: str | None
    data: dict[str, Any]
    newer: dict[str, dict[str, Any]] = field(default_factory=dict)
    actor: Actor | None = None

    def told(self) -> dict[int, dict[str, Any]]:
        """The data by version."""
        return {self.version: self.data, **{int(version): data for version, data in self.newer.items()}}

    def read_as(self, versions: Collection[int]) -> Self:
        """The fact in the latest of `versions` in which it was told; Unreadable when it was told in none."""
        told = self.told()
        version = max(told.keys() & set(versions), default=None)
        if version is None:
            raise Unreadable(f"{self.name} was told in versions {sorted(told)}, unknown here")
        return replace(self, version=version, data=told[version], newer={})

    def context(self, service: str) -> Context:
        """The context in which `service` acts on this event, in the event's organisation and request."""
        request_id = self.correlation_id or self.id
        return service_context(service, self.organisation_id, request_id, actor=self.actor)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The event of an outbox row."""
        return cls(
            id=row["_id"],
            name=row["name"],
            version=row["version"],
            organisation_id=row["organisation_id"],
            aggregate_id=row["aggregate_id"],
            sequence=row["sequence"],
            occurred_at=row["occurred_at"],
            causation_id=row.get("causation_id"),
            correlation_id=row.get("correlation_id"),
            data=row["data"],
            newer=row.get("newer") or {},
            actor=Actor.read(row["actor"]) if row.get("actor") else None,
        )

    def encode(self) -> bytes:
        """The message body. TypeError when `data` holds what JSON can't say, ValueError for no instant."""
        envelope = {name: getattr(self, name) for name in self.__slots__}
        envelope["actor"] = self.actor.as_document() if self.actor else None
        for absent in [name for name in ("newer", "actor") if not envelope[name]]:
            del envelope[absent]
        return json.dumps(envelope, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Read the body of a message that holds one event; Unreadable when it is not one of ours."""
        return cls._of(_json(body))

    @classmethod
    def decode_all(cls, body: bytes) -> list[Self]:
        """Read the body of a message that holds one event, or several of one name; Unreadable as `decode`."""
        found = _json(body)
        if not (isinstance(found, dict) and found.keys() == {PACK}):
            return [cls._of(found)]
        if not isinstance(found[PACK], list) or not 0 < len(found[PACK]) <= PACK_MAX:
            raise Unreadable("not a list of envelopes")
        return [cls._of(each) for each in found[PACK]]

    @classmethod
    def _of(cls, envelope: Any) -> Self:
        try:
            envelope["occurred_at"] = datetime.fromisoformat(envelope["occurred_at"])
            envelope.setdefault("newer", {})
            actor = envelope.get("actor")
            envelope["actor"] = None if actor is None else Actor.read(actor)
            event = cls(**{name: envelope[name] for name in cls.__slots__})
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Unreadable(f"not an envelope: {type(error).__name__}") from error
        event._check()
        return event

    def _check(self) -> None:
        texts = (self.id, self.name, self.organisation_id, self.aggregate_id)
        numbers = (self.version, self.sequence)
        optional = (self.causation_id, self.correlation_id)
        if (
            not all(isinstance(text, str) and text for text in texts)
            or not all(type(number) is int for number in numbers)
            or not all(text is None or isinstance(text, str) for text in optional)
            or not isinstance(self.data, dict)
            or not isinstance(self.newer, dict)
            or not all(_is_version(key) and isinstance(data, dict) for key, data in self.newer.items())
            or self.occurred_at.tzinfo is None
        ):
            raise Unreadable("not an envelope: a field is of another type")


def packed(bodies: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """Put encoded events into as few messages as may be: how many each holds, and its body."""
    first = 0
    while first < len(bodies):
        size, last = 0, first
        while last < len(bodies) and last - first < PACK_MAX and (last == first or size < PACK_BYTES_MAX):
            size += len(bodies[last])
            last += 1
        together = bodies[first:last]
        yield len(together), together[0] if len(together) == 1 else _pack(together)
        first = last


def _pack(bodies: Sequence[bytes]) -> bytes:
    return b'{"%s":[%s]}' % (PACK.encode(), b",".join(bodies))


def _json(body: bytes) -> Any:
    if len(body) > SIZE_MAX:
        raise Unreadable(f"{len(body)} bytes are more than {SIZE_MAX}")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not an envelope: {type(error).__name__}") from error


def _is_version(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= VERSION_DIGITS_MAX


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return to_text(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")
