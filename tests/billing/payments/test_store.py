"""Payments as three releases keep them: this one reads them all, and tells of each once."""

from datetime import timedelta

import pytest
from pymongo.errors import DuplicateKeyError

import billing
from billing.attempts.doors import get_payment
from billing.payments.doors import list_payments
from billing.vocabulary import Result
from chassis.testing import stored
from tests.billing.house import ANA, doors_on
from tests.billing.town import CANTEEN, FAMILY, MINUTE, NOW, SCOPE, ask, found, held, order, stamp

FOLDER = stored.folder_of(billing)
FORMS = {
    "two before": ("v1/attempt_paid", None),
    "before": ("v2/attempt_paid", None),
    "migrated": ("v2/attempt_paid", "v3/payment"),
    "this release": ("v3/attempt_paid", "v3/payment"),
}


def example(place):
    return stored.loads((FOLDER / f"{place}.json").read_text(encoding="utf-8"))


def keep(store, collection, place, **changes):
    store.database[collection].insert_one({**example(place), **changes})


@pytest.fixture(params=FORMS, ids=FORMS)
def paid(request, store):
    """A payment in one of the forms that releases give it."""
    attempt, payment = FORMS[request.param]
    keep(store, "payments", attempt)
    if payment:
        keep(store, "received", payment)
    return store


def test_a_payment_is_listed_once_and_shown_with_its_receipt_whichever_release_kept_it(paid):
    ask_a_door = doors_on(paid)
    (listed,) = ask_a_door(list_payments, ANA)["data"]
    assert (listed["id"], listed["receipt_number"]) == ("payment-1", "R-CANTINE-2026-000001")
    assert listed["paid_at"] == "2026-11-16T08:00:00.000Z"
    shown = ask_a_door(get_payment, ANA, {"payment_id": "payment-1"})["payment"]
    assert (shown["state"], shown["receipt_number"]) == ("paid", "R-CANTINE-2026-000001")
    assert (shown["authorisation"], shown["settlement_id"]) == ("123456", "settlement-1")
    assert paid.payments.of_attempt(SCOPE, "payment-1").attempt_id == "payment-1"


def test_payments_of_a_desk_and_those_of_each_release_are_listed_together_the_latest_first(store):
    earlier, later = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    named = {"_id": "org-1/old", "id": "old", "receipt_number": "R-CANTINE-2026-000000"}
    keep(store, "payments", "v1/attempt_paid", **named, paid_at=earlier, provider_reference="old")
    keep(store, "payments", "v3/attempt_paid")
    for place in ("v3/payment", "v3/payment.undoing"):
        keep(store, "received", place)
    keep(store, "received", "v3/payment.at_a_desk", received_at=later)
    told = store.payments.of_family(SCOPE, FAMILY)
    assert [each.id for each in told] == ["payment-3", "payment-2", "payment-1", "old"]
    assert [each.method for each in told] == ["cheque", "cheque", "online", "online"]


def test_an_attempt_can_t_end_in_two_payments(store):
    """Who books past everything else is stopped by an index; without it, nothing would stop them."""
    keep(store, "received", "v3/payment")
    second = {"_id": "org-1/another", "id": "another", "receipt_number": "R-CANTINE-2026-000009"}
    with pytest.raises(DuplicateKeyError):
        keep(store, "received", "v3/payment", **second)
    store.database["received"].drop_index("received_by_attempt")
    keep(store, "received", "v3/payment", **second)


def open_attempt(store, form):
    """An order at two cash offices, and an open attempt at one of them, as a release writes it."""
    store.settlements.settle(SCOPE, order(held(1, 500), held(2, 400, office=CANTEEN)), stamp())
    place, changes = form
    keep(store, "payments", place, **changes)


OPEN = [
    ("v1/attempt.redirected", {}),
    ("v2/attempt.redirected", {}),
    ("v3/attempt.redirected", {}),
    # the order is not the first that the page pays
    (
        "v3/attempt.redirected",
        {"parts": [{"settlement_id": each, "amount_cents": 1} for each in ("first", "settlement-1")]},
    ),
]


@pytest.mark.parametrize("form", OPEN, ids=["two before", "before", "this release", "second part"])
def test_while_a_page_is_open_its_part_is_not_given_up_whichever_release_opened_it(store, form):
    open_attempt(store, form)
    late = stamp(NOW + timedelta(minutes=26))
    store.attempts.release(SCOPE, "settlement-1", late)
    states = {part.office.id: part.state for part in store.settlements.get(SCOPE, "settlement-1").parts}
    assert states == {"office-1": "released", "office-2": "due"}


def test_a_page_for_two_orders_is_paid_once_and_settles_both(store, books):
    for number, cents in ((1, 400), (2, 250)):
        line = held(1, cents, office=CANTEEN, booking_id=f"b-{number}")
        store.settlements.settle(SCOPE, order(line, name=f"settlement-{number}"), stamp())
    keep(store, "payments", "v3/attempt.redirected")
    attempt = store.attempts.get(SCOPE, "payment-1")
    store.attempts.found(SCOPE, attempt.id, found(attempt), MINUTE, stamp())
    payment = store.payments.of_attempt(SCOPE, "payment-1")
    assert [each.amount_cents for each in payment.allocations] == [400, 250]
    assert store.settlements.due_of(SCOPE, FAMILY, NOW) == []
    assert books.check() == []


def test_what_is_written_has_the_form_that_the_release_before_reads(store, books):
    """Its examples are those that the release before reads, lists and counts, should one go back to it."""
    attempts, received = store.database["payments"], store.database["received"]
    store.settlements.settle(SCOPE, order(held(1, 500)), stamp())
    begun = store.attempts.begin(SCOPE, ask(), stamp())
    assert attempts.find_one().keys() == example("v3/attempt.created").keys()
    begun = store.attempts.redirect(SCOPE, begun, ("at-provider-payment-1", "http://page.example/1"), NOW)
    assert attempts.find_one().keys() == example("v3/attempt.redirected").keys()
    for result in (Result.PENDING, Result.PAID):
        store.attempts.found(SCOPE, begun.id, found(begun, result), MINUTE, stamp())
    assert attempts.find_one().keys() == example("v3/attempt_paid").keys()
    assert received.find_one().keys() == example("v3/payment").keys()
    assert attempts.find_one()["payment_id"] == received.find_one()["id"] == "payment-1"
    assert books.check() == []


def test_an_attempt_that_the_release_before_began_ends_in_a_payment_by_itself(store, books):
    store.settlements.settle(SCOPE, order(held(1, 400, office=CANTEEN)), stamp())
    keep(store, "payments", "v2/attempt.redirected")
    store.attempts.found(SCOPE, "payment-1", found(store.attempts.get(SCOPE, "payment-1")), MINUTE, stamp())
    assert store.database["received"].find_one()["attempt_id"] == "payment-1"
    assert [each.id for each in store.payments.of_family(SCOPE, FAMILY)] == ["payment-1"]
    assert books.check() == []
