"""What waits to be told with other things."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notify.vocabulary import Contact, MessageKind


@dataclass(frozen=True, slots=True)
class Thing:
    """What an event tells of, by name: `key` is the same for the same thing whoever is told of it.

    `alias` is another name, under which a mail about something else may tell of it; empty where it has none.
    """

    key: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """One event that one person is to be told of, in a mail of the kind `about`, from `due_at` on.

    `key` and `alias` are those of the thing, `data` is the event's, as it came. Told, `due_at` is None.
    """

    id: str
    organisation_id: str
    family_id: str
    recipient: Contact
    about: MessageKind
    key: str
    alias: str
    event: str
    data: Mapping[str, Any]
    happened_at: datetime
    due_at: datetime | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What became of a person's movements since the digest before, in numbers.

    A movement is a booking asked for or a cancellation asked for; each counts once, as it stands by now.
    `received` of them came meanwhile: `new` and `cancellations`.
    """

    received: int = 0
    new: int = 0
    cancellations: int = 0
    refused: int = 0
    accepted: int = 0
    pending: int = 0
    waitlisted: int = 0
    cancelled: int = 0
    held: int = 0
    expired: int = 0
    cancellations_pending: int = 0
    cancellations_refused: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return self == Digest()
