"""A wallet, and how its activities are charged."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.offices.model import CashOffice


class Mode(StrEnum):
    """How the activities of a wallet are charged."""

    PREPAID = "prepaid"
    CONSUMPTION = "consumption"
    INVOICED = "invoiced"


class CarriedKind(StrEnum):
    """What moved a wallet before this program kept the books: something consumed, or money paid in."""

    CONSUMED = "consumed"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Carried:
    """A movement of a family's wallet that was made elsewhere; `label` says of what or how it was paid."""

    id: str
    family_id: str
    day: date
    kind: CarriedKind
    label: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Wallet:
    """A purse for one group of activities, kept by one cash office. `floor_cents` is how low it may go."""

    id: str
    name: str
    activity_group: str
    office: CashOffice
    mode: Mode
    floor_cents: int = 0
