"""Two rules over every method of the memory.

Another organisation sees nothing, and no query scans a collection.
"""

import inspect
from dataclasses import replace
from datetime import date, timedelta

import pytest

from booking.basket.model import Movement, Review
from booking.bookings.store import Filters
from booking.confirmations.model import Confirmation
from booking.copies.model import Enrolment, Organisation
from booking.seats.store import Interest
from booking.store import Store
from booking.vocabulary import Payment
from chassis.testing import eventually
from chassis.values.context import service_context
from chassis.values.ids import named_id
from tests.booking.conftest import NOW, TOWN, an_id, movement, of_family

MONDAY = "2026-11-16"
ROY = of_family("roy")
OTHER_TOWN = named_id("", "organisation", "valmont")
STRANGER = replace(ROY, organisation_id=OTHER_TOWN)
SPAN = (date(2026, 11, 1), date(2026, 12, 1))
LATER = NOW + timedelta(days=1)
CHILDREN = [an_id("child", "zoe")]

# What looks over all organisations on purpose: sweeps, commands, writes that carry their organisation in
# themselves.
OVER_ALL = {
    ("confirmations", "unanswered"),
    ("confirmations", "unsettled"),
    ("bookings", "replay"),
    ("seats", "apply"),
    ("seats", "apply_one"),
    ("seats", "open_days"),
    ("seats", "overdue"),
    ("seats", "organisation_ids"),
}
# What makes something of the caller's own organisation, or hears of it.
MAKES = {
    ("numbers", "take"),
    ("drafts", "open"),
    ("offers", "keep_centres"),
    ("offers", "keep_activities"),
    ("offers", "keep_periods"),
    ("offers", "keep_holidays"),
    ("offers", "keep_closures"),
    ("organisations", "keep"),
    ("children", "keep"),
    ("children", "keep_enrolment"),
    ("confirmations", "insert"),
}


@pytest.fixture
def lived_in(booking):
    """A town with one of everything.

    A waiting confirmation, a reviewed draft, a held seat, an accepted one, one given up.
    """
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY), movement("zoe", "soir", MONDAY))
    given_up = booking.confirmed(ROY, movement("zoe", "repas", "2026-11-17"))
    booking.cancelled_id = given_up["lines"][0]["booking_id"]
    booking.cancelled(ROY, booking.cancelled_id)
    review = booking.reviewed(ROY, movement("zoe", "soir", "2026-11-17"))
    eventually(lambda: sorted(s for _, s in booking.states(ROY)) == ["accepted", "cancelled", "held"])
    booking.confirmation, booking.review = confirmation, review
    return booking


def calls(town, context):
    """(room, method) → a call of it in the name of `context`, about what TOWN has."""
    store = town.store
    return {
        ("organisations", "find"): lambda: store.organisations.find(context),
        ("children", "of_family"): lambda: store.children.of_family(context),
        ("children", "find"): lambda: store.children.find(context, CHILDREN),
        ("children", "names"): lambda: store.children.names(context, CHILDREN),
        ("offers", "find"): lambda: store.offers.find(context),
        ("offers", "read"): lambda: store.offers.read(context),
        **calls_for_drafts(town, context),
        **calls_for_confirmations(town, context),
        **calls_for_bookings(town, context),
        **calls_for_seats(town, context),
    }


def calls_for_drafts(town, context):
    drafts, draft_id, confirmation_id = town.store.drafts, town.review["draft_id"], town.confirmation["id"]
    draft = drafts.find(ROY, draft_id)
    [first, *_] = draft.movements
    new = [Movement(first.action, "x", "y", "z", date(2026, 11, 16), first.day_part)]
    review = Review(draft_id, draft.version, "q", LATER, (), ())
    return {
        ("drafts", "find"): lambda: drafts.find(context, draft_id),
        ("drafts", "claimed"): lambda: drafts.claimed(context, draft_id, confirmation_id),
        ("drafts", "reopen"): lambda: drafts.reopen(context, draft_id, confirmation_id),
        ("drafts", "keep_review"): lambda: drafts.keep_review(context, review),
        ("drafts", "keep_movements"): lambda: drafts.keep_movements(context, draft, new, NOW),
        ("drafts", "claim"): lambda: drafts.claim(context, draft_id, town.review["quote_id"], "c", NOW),
        ("drafts", "close"): lambda: drafts.close(context, draft_id, NOW),
    }


def calls_for_confirmations(town, context):
    confirmations, confirmation_id = town.store.confirmations, town.confirmation["id"]
    booking_id, kept = town.confirmation["lines"][0]["booking_id"], kept_confirmation(town)
    return {
        ("confirmations", "find"): lambda: confirmations.find(context, confirmation_id),
        ("confirmations", "resume"): lambda: confirmations.resume(context, confirmation_id),
        ("confirmations", "of_booking"): lambda: confirmations.of_booking(context, booking_id),
        ("confirmations", "open_for"): lambda: confirmations.open_for(context, CHILDREN),
        ("confirmations", "take_over"): lambda: confirmations.take_over(
            context, confirmation_id, LATER, LATER
        ),
        ("confirmations", "give_back"): lambda: confirmations.give_back(context, kept, LATER),
        ("confirmations", "answer"): lambda: confirmations.answer(context, kept, [], None),
        ("confirmations", "keep_money"): lambda: confirmations.keep_money(
            context, confirmation_id, Payment(), LATER
        ),
        ("confirmations", "page"): lambda: confirmations.page(context, (LATER, "z"), 10),
    }


def calls_for_bookings(town, context):
    bookings, confirmation_id = town.store.bookings, town.confirmation["id"]
    booking_id, cancelled_id = town.confirmation["lines"][0]["booking_id"], town.cancelled_id
    return {
        ("bookings", "find"): lambda: bookings.find(context, booking_id),
        ("bookings", "named"): lambda: bookings.named(context, [booking_id]),
        ("bookings", "closed_to_payment"): lambda: bookings.closed_to_payment(context, [cancelled_id]),
        ("bookings", "of_confirmations"): lambda: bookings.of_confirmations(context, [confirmation_id]),
        ("bookings", "page"): lambda: bookings.page(
            context, Filters(child_id=CHILDREN[0]), (SPAN[0], ""), 10
        ),
        ("bookings", "total_cents"): lambda: bookings.total_cents(context, Filters(from_on=SPAN[0])),
    }


def calls_for_seats(town, context):
    seats, organisation_id = town.store.seats, context.organisation_id
    booking_id = town.confirmation["lines"][0]["booking_id"]
    seats_ids = [line.seats_id for line in kept_confirmation(town).lines]
    pools = [day["pool_id"] for day in town.database.seats.find({"_id": {"$in": seats_ids}})]
    return {
        ("seats", "read"): lambda: seats.read(
            organisation_id, seats_ids, Interest(booking_ids=(booking_id,))
        ),
        ("seats", "read_whole"): lambda: seats.read_whole(organisation_id, seats_ids[0]),
        ("seats", "of_children"): lambda: seats.of_children(organisation_id, CHILDREN, *SPAN),
        ("seats", "counters"): lambda: seats.counters(organisation_id, pools, SPAN, CHILDREN),
    }


def kept_confirmation(town):
    return town.store.confirmations.resume(service_context("booking", TOWN, "t"), town.confirmation["id"])


def rooms():
    found = set()
    for name, room in vars(Store(FakeDatabase())).items():
        for method, _ in inspect.getmembers(room, inspect.ismethod):
            if not method.startswith("_"):
                found.add((name, method))
    return found


class FakeDatabase(dict):
    def __missing__(self, name):
        return None


def picture(database):
    names = ("drafts", "confirmations", "seats", "bookings", "children", "organisations", "activities")
    # What waits to be told leaves these documents by itself.
    return {name: list(database[name].find({}, {"events": 0}).sort("_id", 1)) for name in names}


def test_another_organisation_sees_nothing_and_changes_nothing(lived_in):
    asked = calls(lived_in, STRANGER)
    before = picture(lived_in.database)
    for name, call in asked.items():
        assert not call(), name
    assert picture(lived_in.database) == before


def test_the_same_calls_find_something_at_home(lived_in):
    quiet = {("drafts", "claimed"), ("drafts", "reopen"), ("confirmations", "open_for"), ("drafts", "close")}
    quiet |= {("confirmations", name) for name in ("take_over", "give_back", "answer", "keep_money")}
    quiet |= {
        ("drafts", name) for name in ("keep_movements", "claim")
    }  # the calls before them changed the draft
    for name, call in calls(lived_in, ROY).items():
        assert call() or name in quiet, name


def test_every_method_of_the_memory_is_in_one_of_the_tables(lived_in):
    assert rooms() - set(calls(lived_in, ROY)) - OVER_ALL - MAKES == set()


def test_no_query_scans_a_collection(lived_in, of_town):
    database, store = lived_in.database, lived_in.store
    database.command("profile", 2)
    for call in calls(lived_in, ROY).values():
        call()
    store.confirmations.unanswered(NOW, 10)
    store.confirmations.unsettled(NOW + timedelta(days=9), 10)
    store.seats.overdue(NOW, store.seats.organisation_ids())
    store.numbers.take(of_town, 2026, 1)
    store.organisations.keep(of_town, Organisation(TOWN, "c", "C", "Europe/Paris", "fr"), 2)
    store.children.keep_enrolment(of_town, "child", "e", Enrolment("a", "2026-2027", "accepted"), 1)
    store.confirmations.insert(of_town, an_open_one(lived_in))
    lived_in.clock.advance(seconds=2000)
    eventually(lambda: ("2026-11-16", "expired") in lived_in.states(ROY))
    lived_in.ask("list_offer", ROY)
    lived_in.ask("get_calendar", ROY, child_ids=[an_id("child", "zoe")], from_on=MONDAY, to_on=MONDAY)
    database.command("profile", 0)
    scans = database["system.profile"].find({"planSummary": "COLLSCAN"}, {"ns": 1, "command": 1})
    ours = {"activities", "bookings", "centres", "children", "confirmations", "days_off", "drafts"}
    ours |= {"organisations", "periods", "request_numbers", "seats"}
    assert [scan for scan in scans if scan["ns"].split(".")[1] in ours] == []


def an_open_one(town) -> Confirmation:
    kept = kept_confirmation(town)
    return replace(kept, id="another", lines=kept.lines[:1])


def test_a_child_whose_family_was_not_heard_of_yet_is_nobodys(lived_in, of_town):
    store, nobody = lived_in.store, replace(ROY, family_id=None)
    store.children.keep_enrolment(of_town, "early", "e", Enrolment("a", "2026-2027", "accepted"), 1)
    assert store.children.of_family(nobody) == []
    assert store.children.find(nobody, ["early"]) == store.children.find(ROY, ["early"]) == {}
