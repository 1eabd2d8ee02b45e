"""What an organisation sets up: cash offices, wallets, tariffs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mode(StrEnum):
    """How the activities of a wallet are charged."""

    PREPAID = "prepaid"
    CONSUMPTION = "consumption"
    INVOICED = "invoiced"


@dataclass(frozen=True, slots=True, order=True)
class CashOffice:
    """A régie de recettes; no money crosses from one to another."""

    id: str
    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class Wallet:
    """A purse for one group of activities, kept by one cash office. `floor_cents` is how low it may go."""

    id: str
    name: str
    activity_group: str
    office: CashOffice
    mode: Mode
    floor_cents: int = 0


@dataclass(frozen=True, slots=True)
class Tariff:
    """One dated version of the price of an activity; both days included; `valid_to` None is open-ended."""

    activity_id: str
    price_cents: int
    valid_from: date
    valid_to: date | None = None
