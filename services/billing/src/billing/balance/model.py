"""The lines and totals of the balance page."""

from dataclasses import dataclass

from billing.wallets.model import Wallet


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
