"""The tables of docs/rules/money.md on payments, as parameters."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.attempts.model import AttemptPart, AttemptState, Checked, Debt, PageOpen, Resolution
from billing.attempts.rules import booking, life, quarantine
from billing.ledger.rules import balanced
from billing.payments.model import Allocation
from billing.settlements.model import PartState
from billing.settlements.rules import settling
from billing.vocabulary import Result
from tests.billing.town import (
    CANTEEN,
    LEISURE,
    NOW,
    ask,
    ask_all,
    attempt,
    found,
    held,
    note,
    order,
)


@pytest.mark.parametrize(
    ("passed_min", "next_min"),
    [
        (0, 1),
        (1, 2),
        (4, 5),
        (5, 10),
        (10, 20),
        (20, 60),
        (60, 120),
        (24 * 60, 48 * 60),
        (6 * 24 * 60, 7 * 24 * 60),
        (7 * 24 * 60, None),
    ],
)
def test_a_payment_nobody_told_of_is_looked_up_ever_more_rarely(passed_min, next_min):
    expected = None if next_min is None else NOW + timedelta(minutes=next_min)
    assert life.next_look(NOW, NOW + timedelta(minutes=passed_min)) == expected


def test_a_demonstration_looks_sooner():
    assert life.next_look(NOW, NOW, timedelta(seconds=1)) == NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "result", "follows"),
    [
        (AttemptState.REDIRECTED, Result.PENDING, AttemptState.CHECKING),
        (AttemptState.REDIRECTED, Result.PAID, AttemptState.PAID),
        (AttemptState.REDIRECTED, Result.REFUSED, AttemptState.REFUSED),
        (AttemptState.CHECKING, Result.ABANDONED, AttemptState.ABANDONED),
        (AttemptState.CHECKING, Result.EXPIRED, AttemptState.EXPIRED),
        (AttemptState.ABANDONED, Result.PAID, AttemptState.PAID),
        (AttemptState.EXPIRED, Result.PAID, AttemptState.PAID),
        (AttemptState.PAID, Result.REFUSED, AttemptState.PAID),
        (AttemptState.QUARANTINED, Result.PAID, AttemptState.QUARANTINED),
    ],
)
def test_only_the_provider_s_word_moves_a_payment(state, result, follows):
    current = attempt(500, state=state)
    assert life.follow(current, found(current, result), NOW).state is follows


WRONG = [{"amount": 499}, {"amount": 501}, {"reference": "another"}, {"is_test": True}]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(
    "state", [AttemptState.REDIRECTED, AttemptState.CHECKING, AttemptState.ABANDONED, AttemptState.EXPIRED]
)
def test_what_is_paid_under_another_amount_or_reference_or_as_a_test_is_quarantined(state, wrong):
    current = attempt(500, state=state)
    outcome = life.follow(current, found(current, **wrong), NOW)
    assert (outcome.state, outcome.look_up_at) == (AttemptState.QUARANTINED, None)


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(
    "result", [Result.PENDING, Result.REFUSED, Result.ABANDONED, Result.EXPIRED], ids=str
)
def test_a_wrong_amount_while_nobody_has_paid_is_no_reason_for_a_quarantine(result, wrong):
    current = attempt(500, state=AttemptState.CHECKING)
    outcome = life.follow(current, found(current, result, **wrong), NOW)
    assert (outcome.state, outcome.look_up_at) == (AttemptState.CHECKING, NOW + timedelta(minutes=1))
    paid = life.follow(current, found(current), NOW + timedelta(minutes=1))
    assert paid.state is AttemptState.PAID


@pytest.mark.parametrize("state", [AttemptState.PAID, AttemptState.QUARANTINED])
@pytest.mark.parametrize("result", list(Result))
def test_what_is_final_is_not_moved_by_a_wrong_answer(state, result):
    current = attempt(500, state=state)
    outcome = life.follow(current, found(current, result, amount=1), NOW)
    assert (outcome.state, outcome.look_up_at) == (state, None)


def test_what_the_provider_said_is_kept_for_the_cashier():
    current = attempt(500)
    said = quarantine.quarantine_of(found(current, amount=100, is_test=True), NOW)
    assert (said.reported_cents, said.reported_reference, said.is_test) == (100, current.id, True)
    assert (said.authorisation, said.paid_at, said.resolution) == ("123456", NOW, None)


def _found_out(outcome=Checked.CREDITED, cents=100):
    return Resolution(outcome, cents, NOW, {"kind": "agent", "account_id": "cashier-1"})


def test_a_quarantine_is_resolved_once():
    quarantined = attempt(500, state=AttemptState.QUARANTINED)
    after = quarantine.resolved(quarantined, _found_out())
    assert after.quarantine.resolution == _found_out()
    later = replace(_found_out(), resolved_at=NOW + timedelta(days=1))
    assert quarantine.resolved(after, later) is after
    for other in (_found_out(cents=99), _found_out(Checked.NOTHING_CAME, 0)):
        assert quarantine.resolved(after, other) is None
    assert quarantine.resolved(attempt(500), _found_out()) is None


def test_a_family_is_told_that_nothing_came_of_the_payment_that_it_began():
    told = quarantine.not_received(attempt(500))
    assert (told.name, told.aggregate_id) == ("payment_not_received", "payment-1")
    assert (told.data["amount_cents"], told.data["started_at"]) == (500, NOW)


def test_money_that_a_cashier_found_becomes_a_credit_note_whole_and_no_order_s():
    resolution = _found_out()
    tried = quarantine.resolved(attempt(500, state=AttemptState.QUARANTINED), resolution)
    money = booking.came_after_all(tried, tried.quarantine, resolution)
    booked = booking.kept_as_credit(money, tried.parts, credit_note_id="surplus", now=NOW)
    (issued,) = booked.moved.issued
    assert (issued.amount_cents, issued.payment_id) == (100, money.id)
    assert (booked.payment.allocations, booked.settled, booked.payment.cashier) == ((), (), "cashier-1")
    assert all(balanced(entry) for entry in booked.moved.entries)
    assert _legs(booked) == {"bank": -100, "credit": 100}


def test_nothing_more_of_a_part_is_paid_while_a_payment_of_it_is_being_checked():
    settlement = _due(held(1, 500), held(2, 300, office=CANTEEN))
    assert _begin(settlement, ask(office="office-1"), None, NOW, {"office-1"}) == "payment_being_checked"
    assert _begin(settlement, ask(office="office-2"), None, NOW, {"office-1"}).amount_cents == 300
    open_page = attempt(500, name="earlier")
    begun = _begin(settlement, ask(office="office-1"), open_page, NOW, {"office-1"})
    assert begun == "payment_being_checked"


def test_an_abandoned_page_is_watched_while_it_can_be_gone_back_to():
    current = attempt(500)
    later = NOW + timedelta(minutes=20)
    assert life.follow(current, found(current, Result.ABANDONED), NOW).look_up_at is not None
    assert life.follow(current, found(current, Result.ABANDONED), later).look_up_at is None


def test_news_that_came_while_somebody_looked_has_the_provider_asked_again():
    current = replace(attempt(500), hinted=True, looked_at=NOW)
    soon = NOW + timedelta(seconds=3)
    assert life.follow(current, found(current, Result.PENDING), NOW).look_up_at == soon
    assert life.follow(current, found(current, Result.REFUSED), NOW).look_up_at == soon
    assert life.follow(current, found(current, Result.PAID), NOW).look_up_at is None


def test_a_payment_that_nobody_decides_for_a_week_expires():
    current = attempt(500)
    outcome = life.follow(current, found(current, Result.PENDING), NOW + timedelta(days=8))
    assert (outcome.state, outcome.look_up_at) == (AttemptState.EXPIRED, None)


@pytest.mark.parametrize(
    ("state", "minutes", "may"),
    [
        (AttemptState.CREATED, 99, True),
        (AttemptState.CHECKING, 99, True),
        (AttemptState.ABANDONED, 1, True),
        (AttemptState.ABANDONED, 19, True),
        (AttemptState.ABANDONED, 20, False),
        (AttemptState.REFUSED, 1, False),
        (AttemptState.PAID, 1, False),
    ],
)
def test_money_may_still_come_while_the_outcome_is_open(state, minutes, may):
    now = NOW + timedelta(minutes=minutes)
    assert life.may_still_be_paid(attempt(500, state=state), now) == may


def _due(*lines, notes=()):
    return settling.settle(order(*(lines or (held(1, 500),))), {}, list(notes), NOW).settlement


def _begin(settlements, asked, current, now, checked=()):
    """What begins for orders, `current` being the latest attempt at each, and `checked` cash offices."""
    several = settlements if isinstance(settlements, list) else [settlements]
    owed = life.owed(several, asked, now)
    debts = [Debt(settlement, part, current, part.office.id in checked) for settlement, part in owed]
    return life.begin(debts, asked, now)


def test_a_payment_begins_for_what_is_due():
    begun = _begin(_due(held(1, 500), held(2, 300)), ask(), None, NOW)
    assert (begun.amount_cents, begun.state) == (800, AttemptState.CREATED)


SAME, ANOTHER, WAIT = "earlier", "payment-1", PageOpen(NOW + timedelta(minutes=20))


@pytest.mark.parametrize(
    ("state", "minutes", "begins"),
    [
        (AttemptState.REDIRECTED, 8, SAME),
        (AttemptState.CHECKING, 14, SAME),
        (AttemptState.CHECKING, 15, WAIT),
        (AttemptState.CHECKING, 20, ANOTHER),
        (AttemptState.ABANDONED, 8, WAIT),
        (AttemptState.ABANDONED, 19, WAIT),
        (AttemptState.ABANDONED, 20, ANOTHER),
        (AttemptState.ABANDONED, 25, "hold_expired"),
        (AttemptState.REFUSED, 1, ANOTHER),
        (AttemptState.EXPIRED, 16, ANOTHER),
    ],
)
def test_there_is_one_page_at_a_time_that_may_be_paid_for_one_debt(state, minutes, begins):
    current = attempt(500, state=state, name="earlier")
    begun = _begin(_due(), ask(), current, NOW + timedelta(minutes=minutes))
    assert getattr(begun, "id", begun) == begins


def test_a_page_that_nobody_ever_saw_is_not_waited_for():
    never = replace(attempt(500, state=AttemptState.CREATED, name="earlier"), provider_reference=None)
    assert _begin(_due(), ask(), never, NOW + timedelta(minutes=16)).id == ANOTHER
    assert life.open_until(never, NOW) is None


@given(
    state=st.sampled_from(AttemptState),
    minutes=st.integers(0, 60),
    other=st.integers(0, 60),
)
def test_no_second_page_is_begun_while_money_may_come_from_the_first(state, minutes, other):
    current = attempt(500, state=state, name="earlier")
    now = NOW + timedelta(minutes=minutes)
    begun = _begin(_due(), ask(), current, now)
    if getattr(begun, "id", None) == ANOTHER:
        assert minutes >= 20 or not life.may_still_be_paid(current, now)
    until = life.open_until(current, NOW + timedelta(minutes=other))
    assert until is None or other < 20


SECOND, THIRD = "settlement-2", "settlement-3"
LATER = NOW + timedelta(minutes=16)


def _two(until=None):
    """Two orders of 5.00 and 3.00 at one cash office, the second held until then."""
    second = held(2, 300) if until is None else held(2, 300, until=until)
    return [_due(), settling.settle(order(second, name=SECOND), {}, [], NOW).settlement]


def _of_both(**changes):
    parts = (AttemptPart("settlement-1", 500), AttemptPart(SECOND, 300))
    return replace(attempt(800, name="earlier"), parts=parts, **changes)


@pytest.mark.parametrize("asked", [ask("payment-1", "settlement-1", SECOND), ask_all()], ids=["named", "all"])
def test_one_payment_is_for_several_orders_of_one_cash_office(asked):
    elsewhere = settling.settle(order(held(3, 900, office=CANTEEN), name=THIRD), {}, [], NOW).settlement
    settlements = _two() if asked.settlement_ids else [*_two(), elsewhere]
    begun = _begin(settlements, asked, None, NOW)
    assert [(each.settlement_id, each.amount_cents) for each in begun.parts] == [
        ("settlement-1", 500),
        (SECOND, 300),
    ]
    assert (begun.amount_cents, begun.office) == (800, LEISURE)


@pytest.mark.parametrize(
    ("asked", "now", "begins"),
    [
        (ask("key", "settlement-1", SECOND), NOW + timedelta(minutes=8), SAME),
        (ask("key", SECOND, "settlement-1"), NOW + timedelta(minutes=8), SAME),
        (ask_all("key"), NOW + timedelta(minutes=8), SAME),
        (ask("key", SECOND), NOW + timedelta(minutes=8), WAIT),
        (ask("key", "settlement-1"), LATER, WAIT),
        (ask_all("key"), LATER, WAIT),
        (ask("key", SECOND), NOW + timedelta(minutes=20), "key"),
    ],
)
def test_a_page_for_two_orders_is_given_again_to_who_asks_for_both_and_keeps_others_waiting(
    asked, now, begins
):
    named = [each for each in _two() if not asked.settlement_ids or each.id in asked.settlement_ids]
    begun = _begin(named, asked, _of_both(), now)
    assert getattr(begun, "id", begun) == begins


def test_who_asks_for_all_is_given_the_page_again_when_the_hold_of_one_ended_since():
    begun = _begin(_two(NOW + timedelta(minutes=5)), ask_all("key"), _of_both(), NOW + timedelta(minutes=8))
    assert begun.id == SAME


def test_a_page_for_one_of_two_orders_keeps_both_waiting():
    for asked in (ask_all("key"), ask("key", "settlement-1", SECOND)):
        one, two = (Debt(settlement, settlement.parts[0]) for settlement in _two())
        debts = [replace(one, current=attempt(500, name="earlier")), two]
        assert life.begin(debts, asked, NOW + timedelta(minutes=8)) == WAIT


def test_a_page_that_is_just_being_fetched_keeps_another_waiting():
    fetched = replace(_of_both(state=AttemptState.CREATED), provider_reference=None)
    begun = _begin(_two()[:1], ask("key", "settlement-1"), fetched, NOW + timedelta(minutes=1))
    assert begun == PageOpen(fetched.expires_at)


def test_an_order_whose_hold_ended_is_not_paid_with_another():
    orders, now = _two(NOW + timedelta(minutes=5)), NOW + timedelta(minutes=6)
    assert _begin(orders, ask("key", "settlement-1", SECOND), None, now) == "hold_expired"
    assert [each.settlement_id for each in _begin(orders, ask_all(), None, now).parts] == ["settlement-1"]
    assert _begin(orders[1:], ask_all(), None, now) == "nothing_due"


def test_an_order_that_owes_nothing_there_is_not_paid_with_another():
    canteen = settling.settle(order(held(3, 900, office=CANTEEN), name=THIRD), {}, [], NOW).settlement
    assert _begin([_due(), canteen], ask("key", "settlement-1", THIRD), None, NOW) == "nothing_due"


def test_all_that_is_due_leaves_out_what_is_being_checked():
    one, two = (Debt(settlement, settlement.parts[0]) for settlement in _two())
    checked = replace(one, being_checked=True)
    assert [each.settlement_id for each in life.begin([checked, two], ask_all(), NOW).parts] == [SECOND]
    assert life.begin([checked], ask_all(), NOW) == "payment_being_checked"
    named = ask("key", "settlement-1", SECOND)
    assert life.begin([checked, two], named, NOW) == "payment_being_checked"


def test_nothing_is_paid_after_the_hold_or_where_nothing_is_due():
    assert _begin(_due(), ask(), None, NOW + timedelta(minutes=25)) == "hold_expired"
    assert _begin(_due(notes=[note("a", 500)]), ask(), None, NOW) == "nothing_due"
    assert _begin(_due(), ask(office="office-2"), None, NOW) == "nothing_due"
    assert _begin(_due(), ask(office="office-1"), None, NOW).office == LEISURE


def _booked(settlement, amount, notes=()):
    tried = attempt(amount)
    return booking.book(
        booking.received(tried, found(tried), NOW),
        tried.parts,
        {settlement.id: settlement},
        list(notes),
        credit_note_id="surplus",
        now=NOW,
    )


def _legs(booked):
    sums = Counter()
    for leg in booked.moved.entries[0].legs:
        sums[leg.account.kind.value] += leg.cents
    return dict(sums)


def test_a_payment_settles_its_part_with_the_reserved_credit_notes():
    booked = _booked(_due(notes=[note("a", 200)]), 300)
    assert _legs(booked) == {"bank": -300, "held": -200, "revenue": 500}
    assert booked.settled[0][0].parts[0].state is PartState.SETTLED
    assert [each.charged_cents for each in booked.moved.charged] == [500]


def test_money_for_a_released_order_settles_it_when_credit_notes_still_cover_the_rest():
    due = _due(notes=[note("a", 200)])
    released = settling.release(due, due.parts[0], {}).settlement
    booked = _booked(released, 300, [note("b", 900)])
    assert _legs(booked) == {"bank": -300, "credit": -200, "revenue": 500}
    assert booked.settled


def test_money_for_a_released_order_becomes_a_credit_note_when_the_rest_is_gone():
    due = _due(notes=[note("a", 200)])
    released = settling.release(due, due.parts[0], {}).settlement
    booked = _booked(released, 300, [note("b", 100), note("c", 900, office=CANTEEN)])
    assert _legs(booked) == {"bank": -300, "credit": 300}
    assert (booked.settled, booked.moved.charged, booked.payment.allocations) == ((), (), ())
    assert [each.amount_cents for each in booked.moved.issued] == [300]


def test_money_that_comes_twice_becomes_a_credit_note():
    settled = _booked(_due(), 500).settled[0][0]
    assert _legs(_booked(settled, 500)) == {"bank": -500, "credit": 500}


def test_money_for_a_line_that_was_cancelled_meanwhile_becomes_a_credit_note():
    settlement = settling.withdraw(_due(held(1, 500), held(2, 300)), "booking-2", {}, NOW).settlement
    booked = _booked(settlement, 800)
    assert _legs(booked) == {"bank": -800, "credit": 300, "revenue": 500}
    assert booked.settled
    emptied = settling.withdraw(settlement, "booking-1", {}, NOW).settlement
    booked = _booked(emptied, 800)
    assert _legs(booked) == {"bank": -800, "credit": 800}
    assert booked.settled == ()


def test_money_that_is_less_than_what_is_due_becomes_an_avoir_and_settles_nothing():
    booked = _booked(_due(), 499)
    assert _legs(booked) == {"bank": -499, "credit": 499}
    assert (booked.settled, booked.moved.charged, booked.payment.allocations) == ((), (), ())


def test_a_payment_for_several_settlements_takes_each_credit_note_once():
    first, second = _due(held(1, 500)), replace(_due(held(1, 300)), id="settlement-2")
    released = [settling.release(each, each.parts[0], {}).settlement for each in (first, second)]
    tried = replace(attempt(700), parts=(AttemptPart(first.id, 400), AttemptPart(second.id, 300)))
    booked = booking.book(
        booking.received(tried, found(tried), NOW),
        tried.parts,
        {each.id: each for each in released},
        [note("a", 150)],
        credit_note_id="surplus",
        now=NOW,
    )
    assert [use.amount_cents for use in booked.moved.used] == [100]
    assert booked.payment.allocations == (Allocation(first.id, 400), Allocation(second.id, 300))
    assert _legs(booked) == {"bank": -700, "credit": -100, "revenue": 800}


def test_each_order_of_a_payment_has_legs_of_its_own_also_one_of_another_id_of_the_file():
    first = _due(held(1, 500), notes=[note("a", 200)])
    merged = order(held(2, 400), name=SECOND, family="family-2")
    second = settling.settle(merged, {}, [note("b", 100, family="family-2")], NOW).settlement
    tried = replace(attempt(600), parts=(AttemptPart(first.id, 300), AttemptPart(second.id, 300)))
    money = booking.received(tried, found(tried), NOW)
    orders = {each.id: each for each in (first, second)}
    booked = booking.book(money, tried.parts, orders, [], credit_note_id="surplus", now=NOW)
    (entry,) = booked.moved.entries
    assert [(leg.account.name, leg.cents) for leg in entry.legs] == [
        ("bank:office-1", -600),
        ("held:office-1:family-1", -200),
        ("revenue:office-1", 500),
        ("held:office-1:family-2", -100),
        ("revenue:office-1", 400),
    ]
    assert {each.settlement_id: each.family_id for each in booked.moved.charged} == {
        "settlement-1": "family-1",
        SECOND: "family-2",
    }


@given(
    named=st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=1, max_size=4),
    left=st.integers(0, 900),
)
def test_no_cent_of_a_payment_is_lost(named, left):
    settlements = {
        f"s-{place}": replace(_due(held(1, price)), id=f"s-{place}") for place, (price, _) in enumerate(named)
    }
    parts = tuple(AttemptPart(f"s-{place}", cents) for place, (_, cents) in enumerate(named))
    tried = replace(attempt(sum(each.amount_cents for each in parts)), parts=parts)
    money = booking.received(tried, found(tried), NOW)
    booked = booking.book(money, parts, settlements, [note("a", left)], credit_note_id="x", now=NOW)
    allocated = sum(each.amount_cents for each in booked.payment.allocations)
    given_back = sum(each.amount_cents for each in booked.moved.issued)
    assert allocated + given_back == tried.amount_cents
    assert all(balanced(entry) for entry in booked.moved.entries)


def test_a_credit_note_that_covers_one_of_two_released_orders_settles_that_one_alone():
    orders = [replace(_due(held(1, 500)), id=name) for name in ("first", "second")]
    released = {each.id: settling.release(each, each.parts[0], {}).settlement for each in orders}
    parts = tuple(AttemptPart(name, 400) for name in released)
    tried = replace(attempt(800), parts=parts)
    money = booking.received(tried, found(tried), NOW)
    booked = booking.book(money, parts, released, [note("a", 150)], credit_note_id="surplus", now=NOW)
    assert [settlement.id for settlement, _ in booked.settled] == ["first"]
    assert [use.amount_cents for use in booked.moved.used] == [100]
    assert [each.amount_cents for each in booked.moved.issued] == [400]


def test_what_the_provider_never_heard_of_is_undecided_while_its_page_is_open_and_unpaid_afterwards():
    current = attempt(500)
    assert life.unknown(current, NOW).result is Result.PENDING
    assert life.unknown(current, NOW + timedelta(minutes=15)).result is Result.EXPIRED
