"""Prices, and the quote that freezes them for the time of a review."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.offices.model import CashOffice
from billing.vocabulary import ChargingMode, Step


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A booking of which the price is asked. `charged` is False when it is expected on a waiting list."""

    line: int
    booking_id: str
    child_id: str
    activity_id: str
    activity_group: str
    day: date
    day_part: str
    charging_mode: ChargingMode
    charged: bool = True


@dataclass(frozen=True, slots=True)
class AskedCancellation:
    """A booking of which is asked what cancelling it gives back."""

    line: int
    booking_id: str
    charging_mode: ChargingMode


@dataclass(frozen=True, slots=True)
class NoPrice:
    """A line that cannot be priced. `code`: no_tariff | no_wallet; `line` names it."""

    code: str
    line: int
    activity_id: str
    activity_group: str
    day: date


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A priced line; `office` and `wallet_id` are None for what is free."""

    line: int
    booking_id: str
    activity_id: str
    day: date
    charging_mode: ChargingMode
    price_cents: int
    office: CashOffice | None
    wallet_id: str | None
    trace: tuple[Step, ...]
    charged: bool = True


@dataclass(frozen=True, slots=True)
class Credit:
    """What a cancelled line gives back if it is still in time; zero when nothing was paid for it."""

    line: int
    booking_id: str
    amount_cents: int
    office: CashOffice | None


@dataclass(frozen=True, slots=True)
class OfficeTotal:
    """What a basket comes to at one cash office; `cancellations_cents` is the credit it makes itself."""

    office: CashOffice
    bookings_cents: int
    cancellations_cents: int
    credits_used_cents: int
    amount_due_cents: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Prices promised to one family until `expires_at`."""

    id: str
    family_id: str
    made_at: datetime
    expires_at: datetime
    lines: tuple[QuoteLine, ...]
    credits: tuple[Credit, ...]
    totals: tuple[OfficeTotal, ...]
