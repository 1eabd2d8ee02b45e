"""Two files that were found to be one: either sees and uses the money of both, and none of it moves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing.attempts import doors as attempts
from billing.attempts.model import AttemptState
from billing.balance.doors import list_wallets
from billing.consumption.model import Consumption, Expectation
from billing.credit_notes import doors as credit_notes
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.model import AccountKind, EntryKind, JournalEntry, LedgerAccount, Leg
from billing.ledger.rules import bank_of, credit_of
from billing.ledger.store.journal import FloorReachedError
from billing.payments.doors import list_payments
from billing.payments.model import Method, Payment
from billing.quotes import doors as quotes
from billing.settlements import doors as settlements
from billing.vocabulary import ChargingMode, Result
from chassis.values.errors import Refused
from chassis.values.scope import Scope
from tests.billing.asking import FACTS
from tests.billing.asking import booking as line
from tests.billing.house import ANA, BOOKING, EVE
from tests.billing.town import (
    FAMILY,
    HELD_UNTIL,
    LEISURE,
    MINUTE,
    NOW,
    ORGANISATION,
    SCOPE,
    STAMP,
    ask,
    ask_all,
    charge,
    found,
    held,
    note,
    order,
    stamp,
)

DOUBLE = "family-2"
ANA_OF_BOTH = replace(ANA, merged_family_ids=(DOUBLE,))
EVE_OF_BOTH = replace(EVE, merged_family_ids=(FAMILY,))
BOOKING_FOR_BOTH = replace(BOOKING, merged_family_ids=(DOUBLE,))
BOTH = Scope(ORGANISATION, FAMILY, merged_family_ids=(DOUBLE,))
UNTIL = "2026-11-16T08:25:00.000Z"
PAGE = {
    "settlement_id": "s-1",
    "return_url": "https://town.example/back/{payment_id}",
    "key": "key-1",
    "body_sha256": "0" * 64,
    "email": "ana@example.org",
}


@pytest.fixture
def two_avoirs(fakes):
    """A billing in which either file has an avoir; that of the double is the older one."""
    fakes.credit_notes.notes = {
        "own": note("own", 300),
        "double": note("double", 150, minutes=-1, family=DOUBLE),
    }
    return fakes


def settled(fakes, context, *, cancelled=(), priced_for=None, **more):
    """Quote one line of 5.00 and settle it, with what is cancelled."""
    gone = [{"line": 9, "booking_id": each, "charging_mode": "prepaid"} for each in cancelled]
    request = {"quote_id": "quote-1", "bookings": [line(1)], "cancellations": gone}
    quote = fakes.ask(quotes.quote, priced_for or context, request)
    answer = fakes.ask(
        settlements.settle,
        context,
        {
            "settlement_id": "s-1",
            "quote_id": "quote-1",
            "held": [{"line": 1, "booking_id": "b-1", "held_until": UNTIL}],
            "cancelled": [{"line": 9, "booking_id": each} for each in cancelled],
            **more,
        },
    )
    return quote["offices"][0]["amount_due_cents"], answer["offices"][0]["amount_due_cents"]


def left(fakes):
    return {each.id: each.left_cents for each in fakes.credit_notes.notes.values()}


def test_avoirs_of_either_file_pay_the_next_order(two_avoirs):
    assert settled(two_avoirs, BOOKING_FOR_BOTH) == (50, 50)
    assert left(two_avoirs) == {"own": 0, "double": 0}
    assert two_avoirs.settlements.kept["s-1"].family_id == FAMILY


def test_before_a_merge_and_after_its_undoing_each_has_its_own_avoirs(two_avoirs):
    assert settled(two_avoirs, BOOKING) == (200, 200)
    assert left(two_avoirs) == {"own": 0, "double": 150}
    listed = [two_avoirs.ask(credit_notes.list_credit_notes, who)["data"] for who in (ANA, EVE, ANA_OF_BOTH)]
    assert [{each["id"] for each in of} for of in listed] == [{"own"}, {"double"}, {"own", "double"}]


def test_a_service_that_goes_on_without_the_person_knows_the_orders_own_file_alone(two_avoirs):
    assert settled(two_avoirs, BOOKING, priced_for=BOOKING_FOR_BOTH) == (50, 200)


def test_a_promotion_is_paid_by_avoirs_of_its_own_file_alone(two_avoirs):
    two_avoirs.hear(settlements.on_seat_promoted, {**FACTS, "to": "held", "held_until": UNTIL})
    assert left(two_avoirs) == {"own": 0, "double": 150}


def test_what_the_other_file_paid_is_given_back_to_it_and_pays_in_the_same_basket(fakes):
    fakes.credit_notes.charged["old"] = charge("old", 300, family=DOUBLE)
    assert settled(fakes, BOOKING_FOR_BOTH, cancelled=["old"]) == (200, 200)
    assert [(each.family_id, each.left_cents) for each in fakes.credit_notes.notes.values()] == [(DOUBLE, 0)]


def test_nothing_is_given_back_to_a_family_whose_file_is_another(fakes):
    fakes.credit_notes.charged["old"] = charge("old", 300, family=DOUBLE)
    assert settled(fakes, BOOKING, cancelled=["old"]) == (500, 500)
    assert fakes.credit_notes.notes == {}


def test_a_basket_priced_under_one_id_is_settled_under_the_other(fakes):
    priced_for = replace(BOOKING, family_id=DOUBLE, merged_family_ids=(FAMILY,))
    assert settled(fakes, BOOKING_FOR_BOTH, priced_for=priced_for) == (500, 500)
    with pytest.raises(Refused, match="not_found"):
        settled(fakes, BOOKING, priced_for=priced_for)


def test_an_order_of_another_file_than_the_callers_is_settled_with_its_own_alone(two_avoirs):
    another = replace(BOOKING, family_id="family-3", merged_family_ids=(DOUBLE,))
    assert settled(two_avoirs, another, priced_for=BOOKING, family_id=FAMILY) == (200, 200)


def test_what_is_due_under_either_id_is_shown_to_both_and_paid_under_its_own(fakes):
    settled(fakes, BOOKING)
    shown = [fakes.ask(attempts.list_settlements_due, who)["data"] for who in (EVE, EVE_OF_BOTH)]
    assert [len(each) for each in shown] == [0, 1]
    with pytest.raises(Refused, match="not_found"):
        fakes.ask(attempts.start_payment, EVE, PAGE)
    payment = fakes.ask(attempts.start_payment, EVE_OF_BOTH, PAGE)["payment"]
    fakes.provider.result = Result.PAID
    named = {"payment_id": payment["id"]}
    assert fakes.ask(attempts.get_payment, EVE_OF_BOTH, named)["payment"]["state"] == "paid"
    assert fakes.ask(attempts.get_payment, ANA, named)["payment"]["state"] == "paid"
    with pytest.raises(Refused, match="not_found"):
        fakes.ask(attempts.get_payment, EVE, named)


def test_the_page_of_balances_and_the_payments_are_those_of_both(fakes):
    for family in (FAMILY, DOUBLE):
        paid = Payment(family, family, LEISURE, Method.ONLINE, 500, NOW, "Ana", receipt_number="R")
        coming = Consumption(family, "dance", "leisure", date(2026, 11, 20), ChargingMode.WALLET)
        fakes.payments.kept[family] = paid
        fakes.consumption.expected.append(Expectation(family, coming, 1))
    for who, costs, payments in ((ANA, 500, 1), (EVE, 500, 1), (EVE_OF_BOTH, 1_000, 2)):
        page = fakes.ask(list_wallets, who)
        assert (page["bookings_cents"], len(fakes.ask(list_payments, who)["data"])) == (costs, payments)


def given_back(store, family, cents, at=NOW):
    """Give a family an avoir, as for a booking that it cancelled."""
    store.credit_notes.take_over(SCOPE, [charge(f"old-{family}", cents, family=family)], stamp(at))
    store.settlements.settle(
        SCOPE, order(cancelled=[f"old-{family}"], name=f"gone-{family}", family=family), stamp(at)
    )


def credit(store):
    """What stands on the accounts of free avoirs of either file."""
    return [store.ledger.balance_cents(SCOPE, credit_of(family, LEISURE)) for family in (FAMILY, DOUBLE)]


def entries(store, *kinds):
    found = store.database["journal"].find({"kind": {"$in": [kind.value for kind in kinds]}}).sort("id")
    return [(each["id"], each["family_id"], [leg["cents"] for leg in each["legs"]]) for each in found]


def test_each_file_s_avoirs_are_booked_under_it_and_come_free_there_after_the_merge_is_undone(town, books):
    given_back(town, DOUBLE, 150)
    given_back(town, FAMILY, 100, NOW + MINUTE)
    town.settlements.settle(BOTH, order(held(1, 500)), STAMP)
    assert (credit(town), books.check()) == ([0, 0], [])
    assert town.attempts.release(SCOPE, "settlement-1", stamp(HELD_UNTIL))  # the timer knows of no merge
    assert (credit(town), books.check()) == ([100, 150], [])
    both = (EntryKind.RESERVE, EntryKind.RELEASE)
    assert entries(town, *both) == [
        ("release:settlement-1:office-1", FAMILY, [-100, 100]),
        ("release:settlement-1:office-1:family-2", DOUBLE, [-150, 150]),
        ("reserve:settlement-1:office-1", FAMILY, [-100, 100]),
        ("reserve:settlement-1:office-1:family-2", DOUBLE, [-150, 150]),
    ]


def test_reserved_avoirs_of_both_files_are_earned_with_the_money(town, books):
    given_back(town, DOUBLE, 150)
    given_back(town, FAMILY, 100, NOW + MINUTE)
    town.settlements.settle(BOTH, order(held(1, 500)), STAMP)
    eve = Scope(ORGANISATION, DOUBLE, merged_family_ids=(FAMILY,))
    attempt = town.attempts.begin(eve, ask(family=DOUBLE), STAMP)
    assert (attempt.family_id, attempt.amount_cents) == (FAMILY, 250)
    attempt = town.attempts.redirect(eve, attempt, ("at-provider", "http://page.example"), NOW)
    town.attempts.found(Scope(ORGANISATION, FAMILY), attempt.id, found(attempt), MINUTE, STAMP)
    assert (credit(town), books.check()) == ([0, 0], [])
    assert [each.amount_cents for each in town.payments.of_family(eve, DOUBLE)] == [250]
    assert town.payments.of_family(Scope(ORGANISATION, DOUBLE), DOUBLE) == []


def test_a_line_that_leaves_frees_the_avoirs_of_the_file_that_had_them(town, books):
    given_back(town, FAMILY, 100)
    given_back(town, DOUBLE, 250, NOW + MINUTE)
    town.settlements.settle(BOTH, order(held(1, 300), held(2, 100)), STAMP)
    assert credit(town) == [0, 0]
    town.settlements.settle(BOTH, order(held(3, 50), name="settlement-2"), STAMP)
    assert town.settlements.withdraw(SCOPE, "booking-1", STAMP)
    assert (credit(town), books.check()) == ([0, 250], [])


def test_an_avoir_of_the_other_file_that_covers_an_order_settles_it_once(town, books):
    given_back(town, DOUBLE, 500)
    settlement = town.settlements.settle(BOTH, order(held(1, 500)), STAMP)
    assert settlement.answer["state"] == "settled"
    assert town.settlements.settle(SCOPE, order(held(1, 500)), STAMP).answer == settlement.answer
    assert entries(town, EntryKind.SETTLE) == [("settle:settlement-1:office-1:family-2", DOUBLE, [-500, 500])]
    assert (credit(town), books.check()) == ([0, 0], [])


def test_what_is_taken_of_an_avoir_is_still_there_when_it_is_taken(town, books, monkeypatch):
    given_back(town, DOUBLE, 500)
    (free,) = town.credit_notes.free(BOTH, FAMILY)
    town.settlements.settle(Scope(ORGANISATION, DOUBLE), order(held(1, 400), family=DOUBLE), STAMP)
    monkeypatch.setattr(CreditNotesStore, "free", lambda *_: [free])  # read a moment before
    with pytest.raises(FloorReachedError):
        town.settlements.settle(BOTH, order(held(2, 500), name="settlement-2"), STAMP)
    assert (credit(town), books.check()) == ([0, 100], [])


def test_balances_of_both_files_are_what_their_accounts_come_to(town):
    for family, cents in ((FAMILY, 300), (DOUBLE, 200)):
        purse = LedgerAccount(AccountKind.WALLET, LEISURE.id, family, "wallet-1")
        legs = (Leg(bank_of(LEISURE), -cents), Leg(purse, cents))
        town.ledger.post(
            SCOPE, JournalEntry(f"top-up-{family}", EntryKind.PAYMENT, family, LEISURE.id, legs), STAMP
        )
    assert town.ledger.balances(BOTH, FAMILY) == {"wallet-1": {AccountKind.WALLET: 500}}
    assert town.ledger.balances(Scope(ORGANISATION, DOUBLE), DOUBLE) == {
        "wallet-1": {AccountKind.WALLET: 200}
    }


def test_what_is_due_under_either_id_is_listed_the_most_urgent_first(town):
    sooner = HELD_UNTIL - timedelta(minutes=5)
    town.settlements.settle(SCOPE, order(held(1, 500)), STAMP)
    town.settlements.settle(SCOPE, order(held(2, 500, until=sooner), name="hers", family=DOUBLE), STAMP)
    assert [each.id for each in town.settlements.due_of(BOTH, FAMILY, NOW)] == ["hers", "settlement-1"]


def test_one_payment_settles_orders_of_both_ids_each_with_what_it_reserved(town, books):
    given_back(town, FAMILY, 100)
    given_back(town, DOUBLE, 200)
    for name, family in (("his", FAMILY), ("hers", DOUBLE)):
        lines = held(1, 500, booking_id=f"b-{name}")
        town.settlements.settle(Scope(ORGANISATION, family), order(lines, name=name, family=family), STAMP)
    tried = town.attempts.begin(BOTH, ask_all(), STAMP)
    assert [(part.settlement_id, part.amount_cents) for part in tried.parts] == [("his", 400), ("hers", 300)]
    paid = town.attempts.found(SCOPE, tried.id, found(tried), MINUTE, STAMP)
    assert paid.state is AttemptState.PAID
    charged = {each["booking_id"]: each["family_id"] for each in town.database["charges"].find()}
    assert (charged["b-his"], charged["b-hers"]) == (FAMILY, DOUBLE)
    assert books.check() == []
