"""What is worth writing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notify.news.model import News
from notify.outgoing.model import Message
from notify.vocabulary import MessageKind, Organisation


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it has a recipient: what happened, about what, and why it is told once only.

    `facts` is the event's data; `key` is unique per thing told, so that the same event twice is one mail.
    """

    kind: MessageKind
    family_id: str
    key: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes a letter, when, and how the links in it begin."""

    organisation: Organisation
    public_url: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What becomes of one event: mails that leave at once, and news that wait for others."""

    messages: list[Message] = field(default_factory=list)
    news: list[News] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ToldCredit:
    """An avoir as a letter tells of it; `booking_id` is empty where it gives back no booking's price."""

    number: str
    amount_cents: int
    booking_id: str = ""
    cash_office_name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Days of one activity that had the same outcome, with the sum of their prices, None if one is unknown.

    `days` are ISO dates, hours are "07:30"; `credited_cents` is what avoirs give back of them.
    """

    outcome: str
    days: tuple[str, ...]
    activity_name: str
    arrives_at: str | None
    leaves_at: str | None
    charging_mode: str
    reason: str
    rank: int | None
    cost_cents: int | None
    credited_cents: int


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one child in one numbered request; the number is empty where none is told."""

    child_name: str
    request_number: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter's body, as its template marks it.

    `kind` is text, notice (with a tone, and `strong` before the rest), sum (`strong` is the amount), note,
    item of a list, part of the item before, or lines, which stands for the bookings.
    """

    kind: str
    text: str = ""
    strong: str = ""
    tone: str = ""
