"""Settlements: what a confirmation or a promotion owes to each cash office, and how that ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from billing.attempts.model import Payment
from billing.credit_notes.model import Charge, CreditNote, CreditUse
from billing.ledger.model import Entry
from billing.offices.model import CashOffice


class PartState(StrEnum):
    """Where one cash office's part of a settlement stands."""

    DUE = "due"  # waits for a payment; its avoirs are reserved
    SETTLED = "settled"
    RELEASED = "released"  # nobody can pay it any more, or nothing is left of it; its avoirs are free again


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A booking that waits for its money, at the price that was promised."""

    line: int
    booking_id: str
    price_cents: int
    office: CashOffice
    wallet_id: str
    held_until: datetime


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A booking cancelled in the same basket, and the id that its credit note takes if there is one."""

    line: int
    booking_id: str
    credit_note_id: str


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a mail about a promoted seat needs to say; kept with the settlement that it made."""

    booking_id: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be settled. `content_sha256` tells a repetition from another order under the same id."""

    settlement_id: str
    family_id: str
    content_sha256: str
    held: tuple[HeldLine, ...]
    cancelled: tuple[Cancelled, ...]
    promotion: Promotion | None = None


@dataclass(frozen=True, slots=True)
class PartLine:
    """One booking of a part."""

    line: int
    booking_id: str
    price_cents: int
    wallet_id: str


@dataclass(frozen=True, slots=True)
class Part:
    """One cash office's part: the price of its lines, less avoirs, is due until `held_until`."""

    office: CashOffice
    lines: tuple[PartLine, ...]
    bookings_cents: int
    credits: tuple[CreditUse, ...]
    amount_due_cents: int
    state: PartState
    held_until: datetime
    payment_id: str | None = None

    @property
    def credits_used_cents(self) -> int:
        """Avoirs that stand in this part, reserved or used."""
        return sum(use.amount_cents for use in self.credits)


@dataclass(frozen=True, slots=True)
class Settlement:
    """All parts of one order; `answer` is what was said first and will be said again."""

    id: str
    family_id: str
    content_sha256: str
    asked_at: datetime
    parts: tuple[Part, ...]
    answer: dict[str, Any]
    promotion: Promotion | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event to be told with the effect it speaks of; `subject` names it within its aggregate."""

    name: str
    aggregate_id: str
    sequence: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that follows from one decision, to be kept in one transaction or not at all."""

    settlement: Settlement | None = None
    entries: tuple[Entry, ...] = ()
    issued: tuple[CreditNote, ...] = ()
    used: tuple[CreditUse, ...] = ()  # negative amounts are given back
    charged: tuple[Charge, ...] = ()
    credited: tuple[tuple[str, int], ...] = ()  # booking id, cents given back
    settled: tuple[Part, ...] = ()
    asked: tuple[Part, ...] = ()
    payment: Payment | None = None
