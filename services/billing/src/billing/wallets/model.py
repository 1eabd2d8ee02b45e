"""A wallet, and how its activities are charged."""

from dataclasses import dataclass
from enum import StrEnum

from billing.offices.model import CashOffice


class Mode(StrEnum):
    """How the activities of a wallet are charged."""

    PREPAID = "prepaid"
    CONSUMPTION = "consumption"
    INVOICED = "invoiced"


@dataclass(frozen=True, slots=True)
class Wallet:
    """A purse for one group of activities, kept by one cash office. `floor_cents` is how low it may go."""

    id: str
    name: str
    activity_group: str
    office: CashOffice
    mode: Mode
    floor_cents: int = 0
