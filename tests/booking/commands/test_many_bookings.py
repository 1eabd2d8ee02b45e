"""A long file of bookings takes for each row what a short one takes, in what is asked and what is read."""

from datetime import date, timedelta

import bson
import pytest
from pymongo import monitoring
from pymongo.errors import BulkWriteError

from booking.copies.model import Child
from booking.seats.store import Seats
from tests.booking.commands.test_commands import BOOKINGS
from tests.booking.conftest import FILES, TOWN, an_id

CHILDREN = 50
FITS = 20
"""So many changes of one day fit into a transaction, in a test."""
MONDAY = date(2026, 11, 9)
NURSERY = "".join(
    f"{name};{hours};;0;instant;free;no;;;1|2|3|4|5;all;1 hour;1 hour\n"
    for name, hours in (
        ("garde;Garde;Garde;verne;day", "08:00;18:00"),
        ("chant;Chant;Chant;verne;evening", "17:30;19:00"),
    )
)


class Traffic(monitoring.CommandListener):
    """How many commands were sent to the database, and the bytes that went to and fro."""

    def __init__(self):
        self.commands = self.bytes = 0

    def started(self, event):
        self.commands += 1
        self.bytes += len(bson.encode(event.command))

    def succeeded(self, event):
        self.bytes += len(bson.encode(event.reply))

    def failed(self, event):
        """Count nothing: what failed is sent again."""


@pytest.fixture
def nursery(people, import_files, of_town):
    """Fifty children and two activities without a limit, whose hours meet."""
    for number in range(CHILDREN):
        family = (an_id("family", f"f{number}"),)
        people.children.keep(of_town, Child(an_id("child", f"c{number}"), TOWN, family, "A", "B", None), 1)
    assert import_files(**{**FILES, "activities": FILES["activities"] + NURSERY}).exit_code == 0


def rows(days, activity="garde", part="day"):
    """Fifty bookings on each of so many working days from the second week of November on."""
    working = [day for day in (MONDAY + timedelta(days=n) for n in range(60)) if day.isoweekday() < 6]
    chosen = [day for day in working if day not in {date(2026, 11, 11), date(2026, 12, 4)}][:days]
    return "".join(
        f"c{number};f{number};{activity};verne;{day};{part};accepted\n"
        for number in range(CHILDREN)
        for day in chosen
    )


@pytest.fixture
def imported(nursery, import_files, monkeypatch):
    """What an import of some rows sends to the database and reads there."""

    def run(text):
        seen = Traffic()
        monkeypatch.setattr(
            monitoring, "_LISTENERS", monitoring._LISTENERS._replace(command_listeners=[seen])
        )
        result = import_files(bookings=BOOKINGS + text)
        assert result.exit_code == 0, result.output
        return seen

    return run


def test_five_times_the_rows_take_five_times_the_bytes(imported, mongo_database):
    short = imported(rows(5))
    mongo_database.seats.update_many({}, {"$set": {"taken": [], "events": [], "gauges.$[].taken": 0}})
    long = imported(rows(25))
    assert mongo_database.seats.aggregate(
        [{"$group": {"_id": None, "taken": {"$sum": {"$size": "$taken"}}}}]
    ).next() == {"_id": None, "taken": 25 * CHILDREN}
    assert long.commands < 5.5 * short.commands
    assert long.bytes < 5.5 * short.bytes


def test_who_stands_elsewhere_at_these_hours_is_told_by_line(nursery, import_files):
    both = rows(1) + rows(2, "chant", "evening")
    result = import_files(bookings=BOOKINGS + both)
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    assert len(told) == CHILDREN
    assert told[0] == "bookings.csv, line 52, row: The child stands elsewhere at these hours."


def test_a_day_that_is_too_long_for_one_transaction_is_booked_in_parts(
    nursery, import_files, monkeypatch, mongo_database
):
    apply, sizes = Seats.apply, list[int]()

    def small(seats, changes):
        changes = list(changes)
        if seats._session is None:  # days are opened without a transaction
            return apply(seats, changes)
        sizes.append(len(changes))
        if len(changes) > FITS:
            raise BulkWriteError({"writeErrors": [{"index": FITS, "code": 388}], "writeConcernErrors": []})
        return apply(seats, changes)

    monkeypatch.setattr(Seats, "apply", small)
    result = import_files(bookings=BOOKINGS + rows(1))
    assert result.exit_code == 0, result.output
    assert max(sizes) > FITS
    days = mongo_database.seats.find({"taken.0": {"$exists": True}})
    assert [len(day["taken"]) for day in days] == [CHILDREN]
