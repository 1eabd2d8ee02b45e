"""Settlements: what a confirmation or a promotion owes to each cash office, and how that ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from billing.credit_notes.model import CreditUse, Movements
from billing.offices.model import CashOffice
from billing.vocabulary import Document, Machine, Reply


class PartState(StrEnum):
    """Where one cash office's part of a settlement stands."""

    DUE = "due"  # waits for a payment; its credit notes are reserved
    SETTLED = "settled"
    RELEASED = "released"  # nobody can pay it any more, or nothing is left of it; its credit is free again


PART = Machine(
    PartState,
    {
        (None, "owe"): PartState.DUE,
        (None, "cover"): PartState.SETTLED,
        (PartState.DUE, "pay"): PartState.SETTLED,
        (PartState.DUE, "cover"): PartState.SETTLED,
        (PartState.DUE, "empty"): PartState.RELEASED,
        (PartState.DUE, "release"): PartState.RELEASED,
        (PartState.RELEASED, "pay"): PartState.SETTLED,
    },
    frozenset({PartState.SETTLED}),
)
"""Credit covers a part at once, or when a line of it was withdrawn; money may come after it was released."""


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A booking whose seat waits for its money; `line` is where its quote has the price."""

    line: int
    booking_id: str
    held_until: datetime


@dataclass(frozen=True, slots=True)
class CancelledBooking:
    """A booking that was cancelled in time, in the same basket."""

    line: int
    booking_id: str


@dataclass(frozen=True, slots=True)
class AskedOrder:
    """What booking asks to be settled, at the prices of a quote, for a family (that of the context)."""

    settlement_id: str
    quote_id: str | None = None
    family_id: str | None = None
    held: Sequence[HeldSeat] = ()
    cancelled: Sequence[CancelledBooking] = ()


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
    facts: Document


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
    """One cash office's part: the price of its lines, less credit notes, is due until `held_until`.

    `attempt_id` is the latest attempt to pay it. `quarantines` counts the attempts at it that were ever
    quarantined: since that changes the part, who begins to pay meanwhile begins anew, and sees it.
    """

    office: CashOffice
    lines: tuple[PartLine, ...]
    bookings_cents: int
    credits: tuple[CreditUse, ...]
    amount_due_cents: int
    state: PartState
    held_until: datetime
    attempt_id: str | None = None
    quarantines: int = 0

    @property
    def credits_used_cents(self) -> int:
        """Credit that stands in this part, reserved or used."""
        return sum(use.amount_cents for use in self.credits)


@dataclass(frozen=True, slots=True)
class Settlement:
    """All parts of one order; `answer` is what was said first and will be said again.

    `actor` is who asked for it; orders that were settled before that was kept name nobody.
    """

    id: str
    family_id: str
    content_sha256: str
    asked_at: datetime
    parts: tuple[Part, ...]
    answer: Reply
    promotion: Promotion | None = None
    actor: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything that follows from one decision, to be kept in one transaction or not at all.

    `settled` are the parts that have their money now, `asked` those for which a family is asked to pay.
    """

    settlement: Settlement | None = None
    moved: Movements = field(default_factory=Movements)
    settled: tuple[Part, ...] = ()
    asked: tuple[Part, ...] = ()
