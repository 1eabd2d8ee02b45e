"""The words that several nouns of notify share: who writes to whom, and about what."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ROLES = {
    "admin": {"settings.read", "settings.write", "mail.read", "mail.replay"},
    "manager": {"settings.read", "mail.read", "mail.replay"},
}
"""What the roles may do in notify."""


class MessageKind(StrEnum):
    """What a message is about; also the name of its template."""

    CONFIRMATION = "confirmation"
    PROMOTION = "promotion"
    PAYMENT_ASKED = "payment_asked"
    HOLD_EXPIRED = "hold_expired"
    SEAT_LOST = "seat_lost"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"
    DAYS_CLOSED = "days_closed"
    DAYS_OPENED = "days_opened"
    PAYMENT_NOT_RECEIVED = "payment_not_received"
    ANSWER = "answer"
    DIGEST = "digest"


class RefusalReason(StrEnum):
    """Why a mail was not taken.

    For good: ADDRESS is none that a mail server takes, REFUSED is a 5xx, UNWRITABLE can't be put into form.
    For now: BUSY is a 4xx, SENDER a refusal of who writes, SILENT no answer to this mail. The server itself:
    AWAY does not answer or closes, UNTRUSTED offers no TLS or a wrong certificate, LOGIN does not let us in.
    """

    ADDRESS = "address"
    REFUSED = "refused"
    UNWRITABLE = "unwritable"
    BUSY = "busy"
    SENDER = "sender"
    SILENT = "silent"
    AWAY = "away"
    UNTRUSTED = "untrusted"
    LOGIN = "login"


@dataclass(frozen=True, slots=True)
class KeptSeat:
    """A seat that was kept to be paid, as it was told: what its receipt will name. Hours are "07:30".

    `given_up` once its family cancelled it: then nobody lost it, however late it is paid.
    """

    booking_id: str
    child_name: str
    activity_name: str
    day: date
    arrives_at: str | None = None
    leaves_at: str | None = None
    charging_mode: str = ""
    cost_cents: int | None = None
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail is from: the name that readers see, the address, and where answers go, if elsewhere."""

    name: str
    address: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of a family who has a mail address; `guardian_id` is empty where none was told."""

    name: str
    email: str
    guardian_id: str = ""


@dataclass(frozen=True, slots=True)
class ChosenLanguage:
    """In which language a guardian reads, "fr" or "en"."""

    guardian_id: str
    language: str


@dataclass(frozen=True, slots=True)
class Family:
    """What notify knows of a family: whom to write to, and in which language those who chose none."""

    id: str
    name: str
    language: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a family finds a person of the organisation; what is not told is empty."""

    name: str = ""
    address: str = ""
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who writes: its name, colour and help desk stand in every mail, its time zone rules the hours in it.

    `colour` such as "#0b3c5d" is behind the white letters of a mail's head; empty where it has none.
    """

    id: str
    name: str
    slug: str
    time_zone: str
    colour: str = ""
    help_desk: Desk = Desk()
