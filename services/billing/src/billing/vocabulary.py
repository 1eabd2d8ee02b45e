"""The words that several nouns of billing share: how states follow, what a provider says, what is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

S = TypeVar("S", bound=StrEnum)

Document = dict[str, Any]
"""What lies in the database."""

Reply = dict[str, Any]
"""What a door answers, in the shapes of its contract."""

Step = dict[str, Any]
"""One step on the way to a price: {"step": name, …}, as it is told and kept."""


@dataclass(frozen=True)
class Machine(Generic[S]):
    """Which acts lead a thing from which state to which. From None it comes to be; `final` is never left."""

    states: type[S]
    moves: Mapping[tuple[S | None, str], S]
    final: frozenset[S] = field(default_factory=frozenset)

    def after(self, state: S | None, act: str) -> S | None:
        """Return the state after an act, or None where the act changes nothing."""
        return self.moves.get((state, act))

    def sources(self, act: str) -> list[str]:
        """Return the states that an act leads away from, by their stored values: a store filters on them."""
        return [state.value for state, each in self.moves if each == act and state is not None]


class ChargingMode(StrEnum):
    """How booking says that an activity is charged."""

    PREPAID = "prepaid"
    WALLET = "wallet"
    INVOICED = "invoiced"
    FREE = "free"


class DayPart(StrEnum):
    """The part of a day that a booking is for, as booking says it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAY = "day"
    NOON = "noon"
    EVENING = "evening"


class Result(StrEnum):
    """What a provider can say of a payment."""

    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ProviderResult:
    """A look-up's answer, in our words. `is_test`: no money moved, though real money was asked for."""

    provider_reference: str
    reference: str
    amount_cents: int
    result: Result
    authorisation: str | None = None
    paid_at: datetime | None = None
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class UnsentEvent:
    """An event to be told with the effect it speaks of; `sequence` orders those of one aggregate."""

    name: str
    aggregate_id: str
    sequence: int
    data: Document


def key(organisation_id: str, name: str) -> str:
    """Return the `_id` of what is called `name` in an organisation; elsewhere it is another document."""
    return f"{organisation_id}/{name}"
