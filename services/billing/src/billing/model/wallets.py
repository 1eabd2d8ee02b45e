"""The balance page: wallets, what will be charged to them, totals."""

from dataclasses import dataclass
from datetime import date

from billing.model.configuration import Wallet
from billing.model.quotes import ChargingMode


@dataclass(frozen=True, slots=True)
class Consumption:
    """A booking that will be charged later (invoiced, or debited when consumed); priced when it is read."""

    booking_id: str
    activity_id: str
    activity_group: str
    day: date
    charging_mode: ChargingMode


@dataclass(frozen=True, slots=True)
class Expectation:
    """A booking of a family that was told of, and the place of that news among the news of the booking."""

    family_id: str
    consumption: Consumption
    sequence: int


@dataclass(frozen=True, slots=True)
class WalletLine:
    """One wallet on the balance page, all in cents."""

    wallet: Wallet
    balance_cents: int
    estimated_cost_cents: int
    estimated_balance_cents: int


@dataclass(frozen=True, slots=True)
class WalletTotals:
    """The foot of the balance page."""

    amount_due_cents: int
    bookings_cents: int
    estimated_balance_cents: int
