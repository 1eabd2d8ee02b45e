"""What a town offers: the activities of the file beside this one that has the town's name.

It has the columns of booking's import, and three of the demo's own: the price, the school whose
children may come (empty: anyone), and how much of each day is taken already (a share of the seats; a number
of children where seats are unlimited).
"""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

FULL_ONE_DAY_IN = 3
OWN_COLUMNS = ("price_cents", "school", "share_sold")


@dataclass(frozen=True)
class Activity:
    """An activity of the demo: `cells` is its line of activities.csv, the rest is read from it."""

    cells: dict[str, str]

    @property
    def reference(self) -> str:
        """The reference that the other files name it by."""
        return self.cells["reference"]

    @property
    def capacity(self) -> int | None:
        """Seats per day; None where they are unlimited."""
        return int(self.cells["capacity"]) if self.cells["capacity"] else None

    @property
    def waiting_max(self) -> int:
        """Places on the waiting list of a day."""
        return int(self.cells["waiting_max"])

    @property
    def weekdays(self) -> tuple[int, ...]:
        """ISO weekdays on which it opens."""
        return tuple(int(day) for day in self.cells["weekdays"].split("|"))

    @property
    def price_cents(self) -> int:
        """The flat price of one day."""
        return int(self.cells["price_cents"])

    @property
    def needs_enrolment(self) -> bool:
        """Whether a child is enrolled before it books."""
        return self.cells["needs_enrolment"] == "yes"

    def meets(self, other: "Activity") -> bool:
        """Tell whether a child can't be in both on one day."""
        here, there = self.cells, other.cells
        return here["arrives_at"] < there["leaves_at"] and there["arrives_at"] < here["leaves_at"]

    def admits(self, age: int, school: str) -> bool:
        """Tell whether a child of that age and school may come."""
        of_school = self.cells["school"] in {"", school}
        return of_school and int(self.cells["age_min"]) <= age <= int(self.cells["age_max"])

    def seats_sold(self, draw: random.Random) -> int:
        """Return how many seats of a day are taken; one day in three is full where people may wait."""
        share = float(self.cells["share_sold"])
        if self.capacity is None:
            return int(share)
        if self.waiting_max and draw.randrange(FULL_ONE_DAY_IN) == 0:
            return self.capacity
        return int(self.capacity * share * draw.uniform(0.6, 1.0))


def read(town: str) -> tuple[Activity, ...]:
    """Read the activities of a town."""
    with Path(__file__).with_name(f"{town}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Activity(cells) for cells in csv.DictReader(file, delimiter=";"))


def import_columns(activities: tuple[Activity, ...]) -> tuple[str, ...]:
    """Return the columns of booking's activities.csv."""
    return tuple(name for name in activities[0].cells if name not in OWN_COLUMNS)
