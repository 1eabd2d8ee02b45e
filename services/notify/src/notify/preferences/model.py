"""How a person wants to be written to."""

from dataclasses import dataclass
from enum import StrEnum


class Telling(StrEnum):
    """When a person is told of what becomes of bookings: of each act at once, or of a day in one digest."""

    AT_ONCE = "at_once"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a guardian decided about the mails to them; who decided nothing is told at once."""

    telling: Telling = Telling.AT_ONCE
