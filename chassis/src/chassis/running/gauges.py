"""Gauges that are read when somebody looks at the metrics page, and never otherwise (ADR 0033).

A `Gauge` is a name with its meaning. A `Look` reads some of them at once, for one query often answers several
questions. Who serves the page is `chassis.process.looking`; what a service's store counts, it declares by
being `Gauged`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, NamedTuple, Protocol

COUNT_MAX: Final = 10_000
"""So many documents a gauge counts at most: how many more there are changes nothing of what is to be done."""

LOOK_MAX_S: Final = 2.0
"""A look may take so long."""
ASKED_MAX_S: Final = 1.5
"""The database or the broker may take so long for what a look asks."""

_declared: dict[str, "Gauge"] = {}


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number that is looked up: its name, what it says, and the names of its labels.

    The values of labels are few and known beforehand: names of queues, leases, timers. Raises ValueError for
    a name that another gauge has.
    """

    name: str
    meaning: str
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if _declared.setdefault(self.name, self) != self:
            raise ValueError(f"there are two gauges called {self.name}")

    def reads(self, value: float, *labels: str) -> "Reading":
        """Return a reading of this gauge, with a value for each of its labels."""
        if len(labels) != len(self.labels):
            raise ValueError(f"{self.name} has the labels {self.labels}, not {labels}")
        return Reading(self, labels, value)


class Reading(NamedTuple):
    """What a gauge showed, for these values of its labels."""

    gauge: Gauge
    labels: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Look:
    """One way of reading some gauges; `read` may wait for a peer and raise whatever that raises."""

    gauges: tuple[Gauge, ...]
    read: Callable[[], Iterable[Reading]]


class Gauged(Protocol):
    """A store that has gauges; `service(…, gauges=[…])` names its class."""

    GAUGES: ClassVar[tuple[Gauge, ...]]

    def read_gauges(self, now: datetime) -> Iterable[Reading]:
        """Return what the gauges show at this instant: bounded, and by an index."""


def declared() -> dict[str, Gauge]:
    """Return the gauges of all modules that were imported, by name."""
    return dict(_declared)
