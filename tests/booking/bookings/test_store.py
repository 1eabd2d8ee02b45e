"""The list of bookings, folded from what the seats tell."""

import pytest

from booking.bookings.store import complete, project
from booking.copies.model import Child
from booking.seats import store as seats
from booking.seats.model import Stamp, Withdrawal
from chassis.storage.outbox import DocumentEvents
from chassis.values.scope import Scope
from tests.booking.memory import opened
from tests.booking.seats.both import START, TOWN, a_day, an_order

ANNA, NOW = an_order("Anna"), Stamp(START, "request")


@pytest.fixture
def town(mongo_database):
    """A day on which Anna is booked, as the list knows it; `mongo_database` holds both."""
    memory = opened(mongo_database)
    memory.seats.open_days([a_day()], NOW)
    memory.seats.apply([seats.book(TOWN, "d", ANNA, NOW)])
    day = mongo_database.seats.find_one()
    project(mongo_database, complete(mongo_database, [DocumentEvents("seats", day, day["events"])]))
    return memory


def state(database):
    return database.bookings.find_one({"_id": ANNA.booking_id})["state"]


def test_a_day_of_another_organisation_changes_no_booking_here(town, mongo_database):
    assert state(mongo_database) == "accepted"
    town.seats.apply([seats.cancel(TOWN, "d", Withdrawal(ANNA.booking_id, "cancelling", 1), NOW)])
    day = mongo_database.seats.find_one()
    told = complete(mongo_database, [DocumentEvents("seats", day, day["events"][-1:])])[0].entries
    project(mongo_database, [DocumentEvents("seats", {**day, "organisation_id": "village"}, told)])
    assert state(mongo_database) == "accepted"
    project(mongo_database, [DocumentEvents("seats", day, told)])
    assert state(mongo_database) == "cancelled"


def test_a_booking_of_another_family_is_not_found(town):
    assert town.bookings.find(Scope("town", ANNA.family_id), ANNA.booking_id) is not None
    assert town.bookings.find(Scope("town", "another family"), ANNA.booking_id) is None


def test_a_booking_stands_in_every_file_that_was_found_to_be_one_with_its_own(town):
    other = Scope("town", "the other file", merged_family_ids=(ANNA.family_id,))
    assert town.bookings.find(other, ANNA.booking_id) is not None


def test_what_is_told_later_calls_the_child_as_it_is_called_then_and_the_book_keeps_what_it_had(
    town, mongo_database
):
    child = Child(ANNA.child_id, "town", (ANNA.family_id,), "Annä", "Roy", None)
    town.children.keep(TOWN, child, 1)
    town.seats.apply([seats.cancel(TOWN, "d", Withdrawal(ANNA.booking_id, "cancelling", 1), NOW)])
    day = mongo_database.seats.find_one()
    [told] = complete(mongo_database, [DocumentEvents("seats", day, day["events"][-1:])])[0].entries
    project(mongo_database, [DocumentEvents("seats", day, [told])])
    assert told["data"]["child_name"] == "Annä Roy"
    row = mongo_database.bookings.find_one({"_id": ANNA.booking_id})
    assert (row["child_name"], row["state"]) == (ANNA.facts.child_name, "cancelled")
