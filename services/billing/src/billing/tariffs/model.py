"""A version of a tariff, and the price of a day with its trace."""

from dataclasses import dataclass
from datetime import date

from billing.vocabulary import Step


@dataclass(frozen=True, slots=True)
class Tariff:
    """One dated version of the price of an activity; both days included; `valid_to` None is open-ended."""

    activity_id: str
    price_cents: int
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """A price in cents and the steps that led to it, first to last."""

    cents: int
    trace: tuple[Step, ...]
