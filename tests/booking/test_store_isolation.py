"""Two rules over every method of the memory.

Another organisation sees nothing, and no query scans a collection.
"""

import inspect
from dataclasses import replace
from datetime import date, timedelta

import pytest

from booking.basket.model import DraftKey, Movement, Review
from booking.bookings.store import Filters
from booking.closures.model import Closing, ClosingAct, ClosingState
from booking.confirmations.model import Confirmation
from booking.copies.model import Enrolment, Organisation
from booking.seats.store import EntryFilter
from booking.vocabulary import SettlementAnswer
from chassis.testing import eventually
from chassis.values.errors import Refused
from chassis.values.ids import named_id
from chassis.values.scope import Scope
from tests.booking.conftest import NOW, TOWN, an_id, movement, of_family, scope_of
from tests.booking.memory import Memory

MONDAY = "2026-11-16"
ROY = of_family("roy")
OTHER_TOWN = named_id("", "organisation", "valmont")
HOME = scope_of(ROY)
STRANGER = replace(HOME, organisation_id=OTHER_TOWN)
SPAN = (date(2026, 11, 1), date(2026, 12, 1))
LATER = NOW + timedelta(days=1)
CHILDREN = [an_id("child", "zoe")]

# What looks over all organisations on purpose: sweeps, commands, writes that carry their organisation in
# themselves.
OVER_ALL = {
    ("confirmations", "unanswered"),
    ("confirmations", "next_due"),
    ("confirmations", "unsettled"),
    ("bookings", "replay"),
    ("closings", "untold"),
    ("seats", "apply"),
    ("seats", "apply_one"),
    ("seats", "apply_reading"),
    ("seats", "open_days"),
    ("seats", "overdue"),
    ("seats", "next_expiry"),
    ("seats", "organisation_ids"),
    ("seats", "read_gauges"),
    ("openconfirmations", "read_gauges"),
}
# What makes something of the caller's own organisation, or hears of it.
MAKES = {
    ("numbers", "take"),
    ("drafts", "open"),
    ("bookingsettingsstore", "put"),
    ("bookingsettingsstore", "undecided"),
    ("offers", "keep_centres"),
    ("offers", "keep_activities"),
    ("offers", "keep_periods"),
    ("offers", "keep_holidays"),
    ("offers", "keep_closures"),
    ("organisations", "keep"),
    ("children", "keep"),
    ("children", "keep_enrolment"),
    ("confirmations", "in_turn"),
    ("closings", "move"),
    ("closings", "tell"),
    ("decisions", "decide"),
    ("offers", "drop_closure"),
    ("bookings", "republish"),
    ("confirmations", "begin"),
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


def calls(town, scope):
    """(room, method) → a call of it in the name of `scope`, about what TOWN has."""
    store = town.store
    return {
        ("organisations", "find"): lambda: store.organisations.find(scope),
        ("children", "of_family"): lambda: store.children.of_family(scope),
        ("children", "current"): lambda: store.children.current(scope),
        ("children", "known"): lambda: store.children.known(scope, CHILDREN),
        ("offers", "read"): lambda: store.offers.read(scope),
        ("bookingsettingsstore", "read"): lambda: store.bookingsettingsstore.read(scope).version,
        ("children", "names"): lambda: store.children.names(scope),
        ("offers", "current"): lambda: unless_refused(store.offers.current, scope),
        ("closings", "find"): lambda: store.closings.find(scope, "snow"),
        ("closings", "all"): lambda: store.closings.all(scope),
        ("closings", "finish"): lambda: _finished(store, scope),
        ("offers", "known"): lambda: unless_refused(store.offers.known, scope),
        ("children", "own"): lambda: unless_refused(store.children.own, scope, CHILDREN),
        **calls_for_drafts(town, scope),
        **calls_for_confirmations(town, scope),
        **calls_for_bookings(town, scope),
        **calls_for_seats(town, scope),
    }


def _finished(store, scope):
    """A closing that somebody else has ended meanwhile: nothing is kept, and nothing is told."""
    days = (date(2026, 12, 21), date(2026, 12, 21))
    snow = Closing("snow", TOWN, None, *days, "Neige", ClosingState.CLOSING, 1, NOW)
    return store.closings.finish(scope, snow, ClosingAct.HAVE_CLOSED) and None


def unless_refused(find, *asked):
    try:
        return find(*asked)
    except Refused:
        return None


def calls_for_drafts(town, scope):
    drafts, draft_id = town.store.drafts, town.review["draft_id"]
    key = DraftKey(ROY.account_id, draft_id)
    draft = drafts.find(HOME, key)
    [first, *_] = draft.movements
    new = [Movement(first.action, "x", "y", "z", date(2026, 11, 16), first.day_part)]
    review = Review("q", LATER, (), ())
    return {
        ("drafts", "find"): lambda: drafts.find(scope, key),
        ("drafts", "keep_review"): lambda: drafts.keep_review(scope, draft, review),
        ("drafts", "keep_movements"): lambda: drafts.keep_movements(scope, draft, new, NOW),
        ("drafts", "close"): lambda: drafts.close(scope, key, NOW),
    }


def calls_for_confirmations(town, scope):
    confirmations, confirmation_id = town.store.confirmations, town.confirmation["id"]
    booking_id, kept = town.confirmation["lines"][0]["booking_id"], kept_confirmation(town)
    unknown = DraftKey(ROY.account_id, "unknown")
    return {
        ("confirmations", "find"): lambda: confirmations.find(scope, confirmation_id),
        ("confirmations", "asked"): lambda: confirmations.asked(scope, confirmation_id, unknown),
        ("confirmations", "asked_as"): lambda: confirmations.asked_as(scope, confirmation_id),
        ("confirmations", "resume"): lambda: confirmations.resume(scope, confirmation_id),
        ("confirmations", "of_booking"): lambda: confirmations.of_booking(scope, booking_id),
        ("confirmations", "open_for"): lambda: confirmations.open_for(scope, CHILDREN),
        ("confirmations", "take_over"): lambda: confirmations.take_over(scope, confirmation_id, LATER, LATER),
        ("confirmations", "give_back"): lambda: confirmations.give_back(scope, kept, LATER),
        ("confirmations", "answer"): lambda: confirmations.answer(scope, kept, [], None),
        ("confirmations", "keep_money"): lambda: confirmations.keep_money(
            scope, confirmation_id, SettlementAnswer(), LATER
        ),
        ("confirmations", "page"): lambda: confirmations.page(scope, (LATER, "z"), 10),
    }


def calls_for_bookings(town, scope):
    bookings, confirmation_id = town.store.bookings, town.confirmation["id"]
    booking_id, cancelled_id = town.confirmation["lines"][0]["booking_id"], town.cancelled_id
    return {
        ("bookings", "find"): lambda: bookings.find(scope, booking_id),
        ("bookings", "named"): lambda: bookings.named(scope, [booking_id]),
        ("bookings", "left_by"): lambda: bookings.left_by(scope, "snow.1"),
        ("bookings", "known"): lambda: bookings.known(scope, [booking_id]),
        ("bookings", "closed_to_payment"): lambda: bookings.closed_to_payment(scope, [cancelled_id]),
        ("bookings", "of_confirmations"): lambda: bookings.of_confirmations(scope, [confirmation_id]),
        ("bookings", "page"): lambda: bookings.page(scope, Filters(child_id=CHILDREN[0]), (SPAN[0], ""), 10),
        ("bookings", "total_cents"): lambda: bookings.total_cents(scope, Filters(from_on=SPAN[0])),
    }


def calls_for_seats(town, scope):
    seats = town.store.seats
    booking_id = town.confirmation["lines"][0]["booking_id"]
    seats_ids = [line.seats_id for line in kept_confirmation(town).lines]
    pools = [day["pool_id"] for day in town.database.seats.find({"_id": {"$in": seats_ids}})]
    return {
        ("seats", "read"): lambda: seats.read(scope, seats_ids, EntryFilter(booking_ids=(booking_id,))),
        ("seats", "read_whole"): lambda: seats.read_whole(scope, seats_ids[0]),
        ("seats", "of_children"): lambda: seats.of_children(scope, CHILDREN, SPAN),
        ("seats", "have_unsent"): lambda: seats.have_unsent(scope, seats_ids),
        ("seats", "states"): lambda: seats.states(scope, seats_ids),
        ("seats", "counters"): lambda: seats.counters(scope, pools, SPAN, CHILDREN),
        ("decisions", "asked"): lambda: town.store.decisions.asked(scope, pools, SPAN),
    }


def kept_confirmation(town):
    return town.store.confirmations.resume(Scope(TOWN), town.confirmation["id"])


def rooms():
    found = set()
    for name, room in vars(Memory(FakeDatabase())).items():
        if name == "by_kind":
            continue
        for method, _ in inspect.getmembers(room, inspect.ismethod):
            if not method.startswith("_") and method != "ensure_indexes":
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
    quiet = {("confirmations", "open_for"), ("drafts", "close"), ("bookingsettingsstore", "read")}
    quiet |= {("confirmations", name) for name in ("take_over", "give_back", "answer", "keep_money")}
    quiet |= {("closings", name) for name in ("find", "all", "finish")}
    quiet |= {("seats", "have_unsent"), ("bookings", "left_by"), ("decisions", "asked")}
    quiet |= {("drafts", "keep_movements")}  # the calls before it changed the draft
    for name, call in calls(lived_in, HOME).items():
        assert call() or name in quiet, name


def test_every_method_of_the_memory_is_in_one_of_the_tables(lived_in):
    assert rooms() - set(calls(lived_in, HOME)) - OVER_ALL - MAKES == set()


def test_no_query_scans_a_collection(lived_in, of_town):
    database, store = lived_in.database, lived_in.store
    database.command("profile", 2)
    for call in calls(lived_in, HOME).values():
        call()
    store.confirmations.unanswered(NOW, 10)
    store.confirmations.unsettled(NOW + timedelta(days=9), 10)
    store.seats.overdue(NOW, store.seats.organisation_ids())
    store.seats.read_gauges(NOW)
    store.openconfirmations.read_gauges(NOW)
    store.numbers.take(of_town, 2026, 1)
    store.organisations.keep(of_town, Organisation(TOWN, "c", "C", "Europe/Paris", "fr"), 2)
    store.children.keep_enrolment(of_town, "child", "e", Enrolment("a", "2026-2027", "accepted"), 1)
    store.confirmations.begin(of_town, an_open_one(lived_in))
    lived_in.clock.advance(seconds=2000)
    eventually(lambda: ("2026-11-16", "expired") in lived_in.states(ROY))
    lived_in.ask("list_offer", ROY)
    lived_in.ask("get_calendar", ROY, child_ids=[an_id("child", "zoe")], from_on=MONDAY, to_on=MONDAY)
    database.command("profile", 0)
    scans = database["system.profile"].find({"planSummary": "COLLSCAN"}, {"ns": 1, "command": 1})
    ours = {"activities", "bookings", "centres", "children", "confirmations", "days_off", "drafts"}
    ours |= {"organisations", "periods", "request_numbers", "seats", "settings"}
    assert [scan for scan in scans if scan["ns"].split(".")[1] in ours] == []


def an_open_one(town) -> Confirmation:
    kept = kept_confirmation(town)
    return replace(kept, id="another", lines=kept.lines[:1])


def test_a_child_whose_family_was_not_heard_of_yet_is_nobodys(lived_in, of_town):
    store, nobody = lived_in.store, replace(HOME, family_id=None)
    store.children.keep_enrolment(of_town, "early", "e", Enrolment("a", "2026-2027", "accepted"), 1)
    assert store.children.of_family(nobody) == []
    assert store.children.current(nobody) == {}
    assert "early" not in store.children.current(HOME)
