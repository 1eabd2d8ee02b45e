"""What is measured. Every scenario that books takes days that no other one touched.

Each runs on a ground and gives its outcome and what was used. Baskets are prepared outside of the count,
except where the whole way is the subject.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from bench import journeys
from bench.grounds import SUITE, Ground
from bench.journeys import Family, Reviewed
from bench.load import Journey, Outcome, run
from bench.meter import Meter, Used, yardstick
from bench.town import CHILDREN, FAMILIES, INVOICED, NOON, PREPAID, movement
from deploy.fsck.seats import gauges_hold

BASKET_DAYS = 44
BASKETS = 100
HOT_DAYS = 2
PREPARING_CLIENTS = 4
READS = 2_000
MONTH_DAYS = 31
PAGE = "page-8"
"""The one scenario that the flat application has nothing for."""


@dataclass(frozen=True)
class Measured:
    """One scenario on one ground: what came of it, what it used, and seats sold that were not there."""

    name: str
    ground: str
    clients: int
    outcome: Outcome
    used: Used
    oversold: int
    yardstick: tuple[float, float]

    @property
    def refused(self) -> int:
        """Count who was told by the suite to come again; the baselines have no room for as many."""
        return sum(end.startswith("503") for end in self.outcome.ends) if self.ground == SUITE else 0


@dataclass
class Course:
    """One pass over the scenarios of one ground: its families, and the days that are still untouched."""

    ground: Ground
    families: Sequence[Family]
    days: Iterator[date]

    def take_days(self, count: int) -> list[date]:
        """Take fresh days."""
        return list(islice(self.days, count))


Scenario = Callable[[Course], Measured]


def hot_day(activity: str, clients: int) -> Scenario:
    """Confirm one-day baskets, all for the same day, more of them than it has seats; then for another day."""

    def run_it(course: Course) -> Measured:
        rounds = (
            reviewed(course, [[movement(family.children[0], activity, day)] for family in course.families])
            for day in course.take_days(HOT_DAYS)
        )
        crowds = ([journeys.confirm(basket) for basket in baskets] for baskets in rounds)
        return _measured(f"confirm {activity}", course, clients, crowds)

    return run_it


def whole_way(activity: str, clients: int) -> Scenario:
    """Open, fill, review and confirm one-day baskets, all for the same day; then for another day."""

    def run_it(course: Course) -> Measured:
        crowds = (
            [
                journeys.chain(family, [movement(family.children[0], activity, day)])
                for family in course.families
            ]
            for day in course.take_days(HOT_DAYS)
        )
        return _measured(f"whole way {activity}", course, clients, crowds)

    return run_it


def basket(clients: int) -> Scenario:
    """Confirm baskets of 44 days."""

    def run_it(course: Course) -> Measured:
        days = course.take_days(BASKET_DAYS)
        wanted = [
            [movement(family.children[0], NOON, day) for day in days] for family in course.families[:BASKETS]
        ]
        prepared = reviewed(course, wanted)
        crowds = iter([[journeys.confirm(basket) for basket in prepared]])
        return _measured(f"confirm {BASKET_DAYS} days", course, clients, crowds)

    return run_it


def month(activity: str | None, clients: int) -> Scenario:
    """Look at a month of one child."""

    def look(family: Family, child: int, day: date) -> Journey:
        first = day.replace(day=1)
        last = date.fromordinal(first.toordinal() + MONTH_DAYS - 1)
        return journeys.month(family, child, first, last, activity)

    return _reads("month, one activity" if activity else "month, all activities", clients, look)


def one_day(clients: int, *, strangers: bool = False) -> Scenario:
    """Look at what a child may do on one day; `strangers`: every request is another family's."""
    if strangers:
        return _reads("one day, another family each time", clients, journeys.availability, FAMILIES)
    return _reads("one day's availability", clients, journeys.availability)


def page(clients: int) -> Scenario:
    """Open the planning page of a month with one activity chosen."""
    return _reads("month, as a page", clients, journeys.planning_page)


def _reads(
    name: str, clients: int, look: Callable[[Family, int, date], Journey], families: int | None = None
) -> Scenario:
    """Read, each client as one family, or as `families` families in turn."""

    def run_it(course: Course) -> Measured:
        [day] = course.take_days(1)
        asking = course.families[: families or clients]
        crowd = [look(asking[number % len(asking)], number % CHILDREN, day) for number in range(READS)]
        return _measured(name, course, clients, iter([crowd]))

    return run_it


def reviewed(course: Course, wanted: Sequence[Sequence[journeys.Movement]]) -> list[Reviewed]:
    """Fill and review a basket for each family with what it wants, and wait until all of it is told."""
    baskets: list[Reviewed] = []
    filling = [
        journeys.prepare(family, movements, baskets)
        for family, movements in zip(course.families, wanted, strict=False)
    ]
    run(course.ground.address, filling, PREPARING_CLIENTS)
    course.ground.settle()
    return baskets


def _measured(name: str, course: Course, clients: int, crowds: Iterator[Sequence[Journey]]) -> Measured:
    """Count each crowd from its first request until all that follows from it is done."""
    ground, outcome = course.ground, Outcome()
    meter, before = Meter(ground.cpu, ground.mongo), yardstick()
    for crowd in crowds:
        meter.start()
        outcome.add(run(ground.address, crowd, clients))
        ground.settle()
        meter.stop()
    sticks = zip(before, yardstick(), strict=True)
    stick_cpu_ms, stick_ms = (sum(pair) / 2 for pair in sticks)
    return Measured(
        name, ground.name, clients, outcome, meter.used, _oversold(ground), (stick_cpu_ms, stick_ms)
    )


def _oversold(ground: Ground) -> int:
    """Count the days whose gauges hold more than they may, or count wrongly."""
    return sum(1 for day in ground.mongo["booking"]["seats"].find() if any(gauges_hold(day)))


SCENARIOS: dict[str, Scenario] = {
    "invoiced-1": hot_day(INVOICED, 1),
    "invoiced-8": hot_day(INVOICED, 8),
    "invoiced-32": hot_day(INVOICED, 32),
    "invoiced-way-8": whole_way(INVOICED, 8),
    "prepaid-1": hot_day(PREPAID, 1),
    "prepaid-8": hot_day(PREPAID, 8),
    "prepaid-32": hot_day(PREPAID, 32),
    "prepaid-way-8": whole_way(PREPAID, 8),
    "basket-8": basket(8),
    "calendar-32": month(INVOICED, 32),
    "calendar-all-8": month(None, 8),
    "planning-8": month(INVOICED, 8),
    "day-32": one_day(32),
    "strangers-32": one_day(32, strangers=True),
    PAGE: page(8),
}
"""By the name that the command line takes."""
