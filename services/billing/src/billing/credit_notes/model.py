"""What bookings were charged, the credit notes that give it back, and what moves both."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.ledger.model import JournalEntry
from billing.offices.model import CashOffice


class CreditReason(StrEnum):
    """Why a credit note exists."""

    CANCELLED = "cancelled"  # a paid line, cancelled in time
    CLOSED = "closed"  # a paid line whose day was closed, however late
    SEAT_LOST = "seat_lost"  # paid after the hold had expired, and the seat was gone
    NOT_NEEDED = "not_needed"  # money that came in for an order which no longer needed it


@dataclass(frozen=True, slots=True)
class Charge:
    """What one booking was charged, and how much of it was given back since."""

    booking_id: str
    settlement_id: str
    family_id: str
    office: CashOffice
    wallet_id: str
    charged_cents: int
    charged_at: datetime
    credited_cents: int = 0


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A numbered credit note; `left_cents` is what nobody has used or reserved yet.

    `number` is empty until the transaction that keeps the note allots it.
    """

    id: str
    family_id: str
    office: CashOffice
    amount_cents: int
    left_cents: int
    reason: CreditReason
    issued_at: datetime
    number: str = ""
    booking_id: str | None = None
    payment_id: str | None = None


@dataclass(frozen=True, slots=True)
class CreditUse:
    """Cents taken from one credit note."""

    credit_note_id: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Movements:
    """What a decision moves: entries of the journal, and the charges and credit notes that they speak of.

    Kept in one transaction with the rest of the decision, or not at all. Negative amounts of `used` are given
    back; `credited` is what is given back of each booking's charge, by booking id.
    """

    entries: tuple[JournalEntry, ...] = ()
    issued: tuple[CreditNote, ...] = ()
    used: tuple[CreditUse, ...] = ()
    charged: tuple[Charge, ...] = ()
    credited: tuple[tuple[str, int], ...] = ()
