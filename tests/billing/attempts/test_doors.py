"""Paying online, on fakes."""

from dataclasses import replace

import pytest
from marshmallow import ValidationError

from billing.attempts import doors
from billing.attempts.model import AttemptState
from billing.copies.model import Contact, Family
from billing.offices.model import BillingSettings
from billing.settlements.rules import settling
from billing.vocabulary import Result
from chassis.testing import person
from chassis.values.actor import Actor, Grant
from chassis.values.errors import Refused
from tests.billing.house import ANA, EVE, NOBODY
from tests.billing.town import FAMILY, LEISURE, MINUTE, NOW, ORGANISATION, held, order

START = {
    "settlement_id": "settlement-1",
    "return_url": "https://town.example/back/{payment_id}",
    "key": "key-1",
    "body_sha256": "0" * 64,
    "email": "ana@example.org",
}


@pytest.fixture
def due(fakes):
    settlement = settling.settle(order(held(1, 500)), {}, [], NOW).settlement
    fakes.settlements.kept[settlement.id] = settlement
    return fakes


def started(fakes, context=ANA, **changes):
    return fakes.ask(doors.start_payment, context, {**START, **changes})["payment"]


def looked_at(fakes, payment, context=ANA):
    return fakes.ask(doors.get_payment, context, {"payment_id": payment["id"]})["payment"]


def test_a_person_is_sent_to_a_page_that_comes_back_to_the_payment(due):
    payment = started(due)
    (page,) = due.provider.pages
    assert (payment["state"], payment["page_url"]) == ("redirected", f"http://page.example/{payment['id']}")
    assert page.return_url == f"https://town.example/back/{payment['id']}"
    assert (page.amount_cents, page.label, page.email) == (500, "Régie loisirs", "ana@example.org")
    assert due.attempts.stamps[0].actor == Actor("person", account_id="ana", for_family_id=FAMILY)


def test_a_page_stands_open_for_as_long_as_the_organisation_decides(due):
    due.settings.decided = BillingSettings(payment_page_minutes=5)
    assert started(due)["expires_at"] == "2026-11-16T08:05:00.000Z"


def test_the_same_key_gives_the_same_page(due):
    assert started(due) == started(due)
    assert len(due.provider.pages) == 1


def test_the_same_key_of_another_person_is_another_payment(due):
    hers = settling.settle(order(held(2, 300), name="settlement-2", family="family-2"), {}, [], NOW)
    due.settlements.kept["settlement-2"] = hers.settlement
    assert started(due)["id"] != started(due, EVE, settlement_id="settlement-2")["id"]
    assert [page.amount_cents for page in due.provider.pages] == [500, 300]


def test_the_provider_writes_to_the_guardian_who_pays_unless_told_otherwise(due):
    due.copies.families[FAMILY] = Family("Roy", (Contact("g-1", "Ana Roy", "own@example.org"),))
    payment = started(due, email=None)
    assert due.provider.pages[0].email == "own@example.org"
    assert due.attempts.kept[payment["id"]].payer == "Ana Roy"


@pytest.mark.parametrize("email", ["zo\u00e9@example.org", "a" * 60 + "@long.name.of.a.domain.example"])
def test_an_address_of_before_that_the_provider_refuses_counts_as_none(due, email):
    due.copies.families[FAMILY] = Family("Roy", (Contact("g-1", "Ana Roy", email),))
    with pytest.raises(Refused, match="email_missing"):
        started(due, email=None)
    assert due.provider.pages == []


def test_the_provider_is_given_a_domain_in_ascii(due):
    started(due, email="ece@mairie-\u00e9lan.example")
    assert due.provider.pages[0].email == "ece@xn--mairie-lan-h7a.example"


def test_without_an_address_nothing_is_started(due):
    with pytest.raises(Refused, match="email_missing"):
        started(due, email=None)
    assert due.attempts.kept == {}


@pytest.mark.parametrize(
    ("context", "changes", "code"),
    [
        (ANA, {"settlement_id": "unknown"}, "not_found"),
        (EVE, {}, "not_found"),
        (ANA, {"cash_office_id": "office-2"}, "nothing_due"),
        (NOBODY, {}, "forbidden"),
    ],
)
def test_what_is_not_ones_own_or_not_due_is_not_paid(due, context, changes, code):
    with pytest.raises(Refused, match=code):
        started(due, context, **changes)


def test_a_provider_that_is_away_is_told_and_the_intent_goes_on_later(due):
    due.provider.away = "unreachable"
    with pytest.raises(Refused, match="provider_unavailable"):
        started(due)
    due.provider.away = None
    assert started(due)["state"] == "redirected"


def hint(due, payment, context=NOBODY):
    request = {"provider_reference": f"at-provider-{payment['id']}"}
    return due.ask(doors.record_payment, context, request)


def test_a_hint_asks_nobody_and_has_the_timer_look_soon(due):
    payment = started(due)
    due.provider.result = Result.PAID
    assert hint(due, payment) == {"payment_id": payment["id"], "state": "redirected"}
    assert due.looks.asked == []
    due.tick(doors.look_up_payments)
    assert hint(due, payment) == {"payment_id": payment["id"], "state": "paid"}
    assert due.bell.woken == 1


def test_what_is_hinted_of_a_payment_that_nobody_knows_is_answered_too(due):
    assert hint(due, {"id": "made-up"}) == {"payment_id": None, "state": None}


def test_a_hundred_hints_are_one_look_up_in_a_few_seconds(due):
    payment = started(due)
    for _ in range(4):
        for _ in range(100):
            hint(due, payment)
        due.tick(doors.look_up_payments)
    assert due.looks.asked == [payment["id"]]
    due.clock.advance(seconds=3)
    due.tick(doors.look_up_payments)
    assert due.looks.asked == [payment["id"]] * 2


def test_who_looks_at_a_payment_again_and_again_has_the_provider_asked_once(due):
    payment = started(due)
    looked_at(due, payment)
    due.provider.result = Result.PAID
    assert looked_at(due, payment)["state"] == "checking"
    due.clock.advance(seconds=3)
    assert looked_at(due, payment)["state"] == "paid"


def test_a_provider_that_is_asked_enough_is_asked_about_the_payment_a_little_later(due):
    payment = started(due)
    due.provider.away = "busy"
    assert looked_at(due, payment)["state"] == "redirected"
    assert due.looks.postponed == []
    due.provider.away, due.provider.result = None, Result.PAID
    due.clock.advance(seconds=3)
    due.tick(doors.look_up_payments)
    assert due.attempts.kept[payment["id"]].state is AttemptState.PAID


def test_a_hint_that_came_for_another_organisation_is_none_of_ours(due):
    payment = started(due)
    assert hint(due, payment, replace(NOBODY, organisation_id=ORGANISATION))["payment_id"] == payment["id"]
    assert hint(due, payment, replace(NOBODY, organisation_id="org-2"))["payment_id"] is None


def test_money_that_came_is_the_providers_act_for_the_family_that_began_it(due):
    payment = started(due)
    due.provider.result = Result.PAID
    shown = looked_at(due, payment)
    assert (shown["receipt_number"], shown["authorisation"]) == ("R-1", "123456")
    assert due.attempts.stamps[-1].actor == Actor("provider", for_family_id=FAMILY, on_behalf_of="ana")


def test_another_family_s_payment_is_not_found(due):
    payment = started(due)
    with pytest.raises(Refused, match="not_found"):
        looked_at(due, payment, EVE)


def test_an_ended_payment_is_shown_without_asking_the_provider(due):
    payment = started(due)
    due.provider.result = Result.REFUSED
    assert looked_at(due, payment)["state"] == "refused"
    due.provider.away = "unreachable"
    assert looked_at(due, payment)["state"] == "refused"
    assert due.looks.postponed == []


def test_a_provider_that_is_away_is_asked_again_later(due):
    payment = started(due)
    due.provider.away = "technical"
    assert looked_at(due, payment)["state"] == "redirected"
    assert due.looks.postponed == [(payment["id"], NOW + MINUTE)]


def test_what_the_provider_forgot_expires_with_its_page(due):
    payment = started(due)
    due.provider.result = None
    assert looked_at(due, payment)["state"] == "checking"
    due.clock.advance(minutes=15)
    assert looked_at(due, payment)["state"] == "expired"


def test_the_timer_asks_about_payments_that_nobody_told_of(due):
    payment = started(due)
    due.provider.result = Result.PAID
    due.tick(doors.look_up_payments)
    assert due.attempts.kept[payment["id"]].state is AttemptState.REDIRECTED
    due.clock.advance(minutes=1)
    due.tick(doors.look_up_payments)
    assert due.attempts.kept[payment["id"]].state is AttemptState.PAID


def test_an_intent_that_never_got_a_page_expires_without_asking_anybody(due):
    due.provider.away = "unreachable"
    with pytest.raises(Refused):
        started(due)
    due.clock.advance(minutes=15)
    due.tick(doors.look_up_payments)
    assert [each.state for each in due.attempts.kept.values()] == [AttemptState.EXPIRED]


def test_credit_comes_free_when_a_hold_ends_by_event_or_by_the_timer(due):
    due.hear(doors.on_hold_expired, {"booking_id": "booking-1"})
    due.hear(doors.on_hold_expired, {"booking_id": "unknown"})
    due.tick(doors.release_reservations)
    assert due.attempts.released == ["settlement-1"]
    due.clock.advance(minutes=25)
    due.tick(doors.release_reservations)
    assert due.attempts.released == ["settlement-1", "settlement-1"]


CASHIER = person(
    organisation_id=ORGANISATION, account_id="cashier-1", grants=(Grant("cashier", None, LEISURE.id),)
)
OF_ANOTHER_OFFICE = person(
    organisation_id=ORGANISATION, account_id="cashier-2", grants=(Grant("cashier", None, "office-2"),)
)
ONE_EURO = {"outcome": "credited", "amount_cents": 100}


def quarantined(due, **reports):
    payment = started(due)
    due.provider.result, due.provider.reports = Result.PAID, reports or {"amount_cents": 100}
    assert looked_at(due, payment)["state"] == "quarantined"
    return payment


def found_out(due, payment, context=CASHIER, **request):
    return due.ask(doors.resolve_quarantine, context, {"payment_id": payment["id"], **(request or ONE_EURO)})


@pytest.mark.parametrize("reports", [{"amount_cents": 100}, {"reference": "another"}, {"is_test": True}])
def test_a_wrong_word_of_the_provider_counts_only_once_it_says_paid(due, reports):
    payment = started(due)
    due.provider.reports = reports
    assert looked_at(due, payment)["state"] == "redirected"
    due.clock.advance(minutes=1)
    due.provider.result, due.provider.reports = Result.PAID, {}
    assert looked_at(due, payment)["state"] == "paid"


def test_a_family_whose_payment_is_being_checked_sees_so_and_can_not_pay_again(due):
    quarantined(due)
    (shown,) = due.ask(doors.list_settlements_due, ANA)["data"]
    assert shown["being_checked"] == [LEISURE.id]
    with pytest.raises(Refused, match="payment_being_checked"):
        started(due, key="key-2")


def test_a_cashier_of_the_office_sees_what_was_asked_and_what_was_said(due):
    payment = quarantined(due)
    (shown,) = due.ask(doors.list_quarantined, CASHIER)["data"]
    assert (shown["id"], shown["amount_cents"], shown["reported_cents"]) == (payment["id"], 500, 100)
    assert due.ask(doors.list_quarantined, OF_ANOTHER_OFFICE)["data"] == []
    with pytest.raises(Refused, match="forbidden"):
        due.ask(doors.list_quarantined, ANA)


@pytest.mark.parametrize("found", [ONE_EURO, {"outcome": "nothing_came", "amount_cents": 0}])
def test_what_a_cashier_found_out_is_kept_with_who_it_was_and_lets_the_family_go_on(due, found):
    payment = quarantined(due)
    told = found_out(due, payment, **found)["payment"]["resolution"]
    assert (told["outcome"], told["amount_cents"]) == (found["outcome"], found["amount_cents"])
    assert found_out(due, payment, **found)["payment"]["resolution"] == told
    kept = due.attempts.kept[payment["id"]].quarantine.resolution
    assert (kept.actor["kind"], kept.actor["account_id"]) == ("agent", "cashier-1")
    assert looked_at(due, payment)["resolution"] == told
    assert due.ask(doors.list_quarantined, CASHIER)["data"] == []
    assert due.ask(doors.list_settlements_due, ANA)["data"][0]["being_checked"] == []


def test_what_was_found_out_is_not_found_out_otherwise_nor_by_another_office(due):
    payment = quarantined(due)
    with pytest.raises(Refused, match="not_found"):
        found_out(due, payment, OF_ANOTHER_OFFICE)
    with pytest.raises(Refused, match="forbidden"):
        found_out(due, payment, ANA)
    found_out(due, payment)
    with pytest.raises(Refused, match="conflict"):
        found_out(due, payment, outcome="credited", amount_cents=99)


def test_a_payment_that_nobody_doubts_has_nothing_to_be_found_out(due):
    with pytest.raises(Refused, match="conflict"):
        found_out(due, started(due))


@pytest.mark.parametrize(
    "found", [{"outcome": "credited", "amount_cents": 0}, {"outcome": "nothing_came", "amount_cents": 1}]
)
def test_a_cashier_says_what_came_or_that_nothing_did(due, found):
    with pytest.raises(ValidationError):
        found_out(due, quarantined(due), **found)


def test_who_went_away_from_a_page_goes_back_to_it_and_is_given_no_other(due):
    """Page opened at 8:00; "abandoned" is heard at 8:05, asked again at 8:08; it is paid at 8:12."""
    payment = started(due)
    due.clock.advance(minutes=5)
    due.provider.result = Result.ABANDONED
    shown = looked_at(due, payment)
    assert (shown["state"], shown["page_open_until"]) == ("abandoned", "2026-11-16T08:20:00.000Z")
    due.clock.advance(minutes=3)
    with pytest.raises(Refused, match="payment_page_open") as refused:
        started(due, key="key-2")
    assert refused.value.retry_after_s == 12 * 60
    due.clock.advance(minutes=4)
    due.provider.result = Result.PAID
    due.tick(doors.look_up_payments)
    assert looked_at(due, payment)["state"] == "paid"
    assert len(due.provider.pages) == 1


def test_after_twenty_minutes_who_went_away_may_begin_anew(due):
    payment = started(due)
    due.provider.result = Result.ABANDONED
    looked_at(due, payment)
    due.clock.advance(minutes=20)
    assert looked_at(due, payment)["page_open_until"] is None
    assert started(due, key="key-2")["id"] != payment["id"]


def test_who_was_refused_may_pay_at_once_under_another_reference(due):
    payment = started(due)
    due.provider.result = Result.REFUSED
    looked_at(due, payment)
    again = started(due, key="key-2")
    first, second = (page.reference for page in due.provider.pages)
    assert (first, second) == (payment["id"], again["id"])
    assert first != second


def test_another_key_while_the_provider_is_silent_leads_to_the_same_page(due):
    payment = started(due)
    due.provider.away = "unreachable"
    assert looked_at(due, payment)["state"] == "redirected"
    assert started(due, key="key-2") == payment
    assert len(due.provider.pages) == 1


@pytest.fixture
def two_due(due):
    second = settling.settle(order(held(2, 300), name="settlement-2"), {}, [], NOW).settlement
    due.settlements.kept[second.id] = second
    return due


@pytest.mark.parametrize(
    "named",
    [
        {"settlement_ids": ["settlement-2"]},
        {"settlement_id": None, "settlement_ids": ["settlement-1", "settlement-2", "settlement-1"]},
        {"settlement_id": None, "cash_office_id": "office-1"},
    ],
    ids=["one and more", "several", "all"],
)
def test_several_orders_are_one_payment_and_each_is_told_of(two_due, named):
    payment = started(two_due, **named)
    assert [page.amount_cents for page in two_due.provider.pages] == [800]
    shown = looked_at(two_due, payment)
    assert (shown["settlement_id"], shown["credited_cents"]) == ("settlement-1", 0)
    assert shown["orders"] == [
        {"settlement_id": "settlement-1", "amount_cents": 500, "settled": False},
        {"settlement_id": "settlement-2", "amount_cents": 300, "settled": False},
    ]


def test_who_names_neither_an_order_nor_a_cash_office_is_not_understood(two_due):
    with pytest.raises(ValidationError, match="settlement_id"):
        started(two_due, settlement_id=None)


def test_one_order_of_somebody_else_among_ones_own_is_not_paid(two_due):
    with pytest.raises(Refused, match="not_found"):
        started(two_due, settlement_ids=["settlement-of-eve"])
    assert two_due.provider.pages == []
