"""The audit of the portal by the 106 criteria of RGAA 4.1.2, as `106.csv` beside this module has it. Pure.

`docs/rgaa/106.csv` is the same file. `shown` is what the declaration says of a criterion that is not met.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("106.csv")
HALF: Final = 500
ALL: Final = 1000


class State(StrEnum):
    """Whether the pages meet a criterion."""

    CONFORMING = "conforming"
    NOT_CONFORMING = "not conforming"
    NOT_APPLICABLE = "not applicable"


class Level(StrEnum):
    """What the law has a site say of itself: all criteria that apply are met, half at least, or fewer."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, which pages it was looked for on, and how."""

    number: str
    subject: str
    state: State
    pages: str
    note: str
    shown: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found. `rate` is the share of criteria met among those that apply, in thousandths, cut off."""

    criteria: Sequence[Criterion]

    @property
    def met(self) -> int:
        """How many criteria are met."""
        return self._count(State.CONFORMING)

    @property
    def missed(self) -> tuple[Criterion, ...]:
        """The criteria that are not met."""
        return tuple(each for each in self.criteria if each.state is State.NOT_CONFORMING)

    @property
    def apart(self) -> int:
        """How many criteria do not apply."""
        return self._count(State.NOT_APPLICABLE)

    @property
    def rate(self) -> int:
        """The share of criteria met, in thousandths, cut off: it is never told to be more than it is."""
        return ALL * self.met // (self.met + len(self.missed))

    @property
    def level(self) -> Level:
        """What the rate makes of the site."""
        if self.rate == ALL:
            return Level.FULL
        return Level.PARTIAL if self.rate >= HALF else Level.NONE

    def _count(self, state: State) -> int:
        return sum(each.state is state for each in self.criteria)


@cache
def audit() -> Audit:
    """Return the audit that comes with this release."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return Audit(
        tuple(
            Criterion(
                row["criterion"],
                row["subject"],
                State(row["state"]),
                row["pages"],
                row["note"],
                row["shown"],
            )
            for row in rows
        )
    )
