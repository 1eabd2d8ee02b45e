"""The words that several nouns of billing share, and what the provider says in them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    """What a provider can say of a payment."""

    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ProviderResult:
    """A look-up's answer, in our words."""

    provider_reference: str
    reference: str
    amount_cents: int
    result: Result
    authorisation: str | None = None
    paid_at: datetime | None = None


class ChargingMode(StrEnum):
    """How booking says that an activity is charged."""

    PREPAID = "prepaid"
    WALLET = "wallet"
    INVOICED = "invoiced"
    FREE = "free"


Reply = dict[str, Any]


def instant(moment: datetime) -> str:
    """Write an instant: UTC, milliseconds, `Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Document = dict[str, Any]
