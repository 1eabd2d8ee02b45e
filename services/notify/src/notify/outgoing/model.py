"""The nouns of notify: whom a family is reached by, what is written to them, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a message is about; also the name of its template."""

    CONFIRMATION = "confirmation"
    PROMOTION = "promotion"
    PAYMENT_ASKED = "payment_asked"
    HOLD_EXPIRED = "hold_expired"
    SEAT_LOST = "seat_lost"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"


class State(StrEnum):
    """Queued until the mail server takes or refuses it; failed when it refused for good or for too long."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of a family who has a mail address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Family:
    """What notify knows of a family: its language and whom to write to."""

    id: str
    name: str
    language: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who writes: its name stands in every mail, its time zone rules the hours in it."""

    id: str
    name: str
    slug: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it has a recipient: what happened, about what, and why it is told once only.

    `facts` is the event's data; `key` is unique per thing told, so that the same event twice is one mail.
    """

    kind: Kind
    family_id: str
    key: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class Text:
    """A rendered message: subject, plain text and HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one person. `dedupe_key` is unique in the organisation; `id` also makes its Message-ID."""

    id: str
    organisation_id: str
    family_id: str
    kind: Kind
    dedupe_key: str
    recipient: Contact
    content: Text
    state: State
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
