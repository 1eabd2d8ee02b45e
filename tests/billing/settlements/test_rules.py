"""The tables of docs/rules/prepayment.md on orders, as parameters."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.credit_notes.model import CreditReason
from billing.ledger.rules import balanced
from billing.settlements.model import PartState, Promotion
from billing.settlements.rules import settling
from tests.billing.town import (
    CANTEEN,
    HELD_UNTIL,
    LEISURE,
    NOW,
    charge,
    held,
    note,
    order,
)

AMOUNTS = st.integers(min_value=0, max_value=5_000)


def test_an_order_is_parted_by_cash_office_and_no_credit_note_crosses():
    notes = [note("a", 300), note("b", 900, office=CANTEEN)]
    changes = settling.settle(order(held(1, 500), held(2, 400, office=CANTEEN)), {}, notes, NOW)
    leisure, canteen = changes.settlement.parts
    assert (leisure.state, leisure.credits_used_cents, leisure.amount_due_cents) == (PartState.DUE, 300, 200)
    assert (canteen.state, canteen.credits_used_cents, canteen.amount_due_cents) == (
        PartState.SETTLED,
        400,
        0,
    )
    assert changes.settlement.answer["state"] == "due"
    assert [entry.kind.value for entry in changes.moved.entries] == ["reserve", "settle"]
    assert [each.booking_id for each in changes.moved.charged] == ["booking-2"]
    assert all(balanced(entry) for entry in changes.moved.entries)


def test_the_basket_s_own_cancellation_pays_its_bookings():
    changes = settling.settle(order(held(1, 500), cancelled=["old"]), {"old": charge("old", 600)}, [], NOW)
    assert changes.settlement.answer["state"] == "settled"
    assert [(each.amount_cents, each.reason) for each in changes.moved.issued] == [
        (600, CreditReason.CANCELLED)
    ]
    assert [use.amount_cents for use in changes.moved.used] == [500]
    assert changes.moved.credited == (("old", 600),)


def test_an_older_credit_note_goes_before_the_one_that_the_basket_makes():
    older = note("a", 200, minutes=-60)
    changes = settling.settle(
        order(held(1, 500), cancelled=["old"]), {"old": charge("old", 600)}, [older], NOW
    )
    assert [use.amount_cents for use in changes.moved.used] == [200, 300]
    assert changes.moved.used[0].credit_note_id == "a"


def test_a_cancellation_of_what_was_never_charged_gives_nothing():
    changes = settling.settle(order(cancelled=["unknown"]), {}, [], NOW)
    assert (changes.moved.issued, changes.moved.entries) == ((), ())
    assert changes.settlement.answer == {"state": "settled", "offices": []}


def test_a_prepaid_day_that_costs_nothing_is_settled_without_an_entry():
    changes = settling.settle(order(held(1, 0)), {}, [note("a", 100)], NOW)
    assert (changes.moved.entries, changes.settlement.parts[0].state) == ((), PartState.SETTLED)


def test_only_a_promotion_that_is_due_asks_for_a_payment():
    promotion = Promotion("booking-1", {"day": "2026-11-18"})
    assert settling.settle(order(held(1, 500), promotion=promotion), {}, [], NOW).asked
    assert not settling.settle(order(held(1, 500)), {}, [], NOW).asked
    assert not settling.settle(order(held(1, 500), promotion=promotion), {}, [note("a", 500)], NOW).asked


@given(
    prices=st.lists(st.tuples(AMOUNTS, st.booleans()), min_size=1, max_size=6),
    left=st.lists(st.tuples(AMOUNTS, st.booleans()), max_size=6),
    paid=st.lists(st.tuples(AMOUNTS, st.booleans()), max_size=3),
)
def test_whatever_is_settled_adds_up_to_the_cent(prices, left, paid):
    office = {True: LEISURE, False: CANTEEN}
    lines = [held(n, cents, office=office[at]) for n, (cents, at) in enumerate(prices)]
    notes = [note(f"{n:03d}", cents, office=office[at], minutes=n) for n, (cents, at) in enumerate(left)]
    charges = {f"old-{n}": charge(f"old-{n}", cents, office=office[at]) for n, (cents, at) in enumerate(paid)}
    changes = settling.settle(order(*lines, cancelled=charges), charges, notes, NOW)
    assert all(balanced(entry) for entry in changes.moved.entries)
    for part in changes.settlement.parts:
        mine = sum(cents for cents, at in prices if office[at] == part.office)
        free = sum(cents for cents, at in [*left, *paid] if office[at] == part.office)
        assert part.bookings_cents == mine
        assert part.credits_used_cents == min(mine, free)
        assert part.amount_due_cents == mine - part.credits_used_cents


@pytest.mark.parametrize(
    ("price", "state", "due", "kept", "freed"),
    [
        (300, PartState.DUE, 200, 500, 0),
        (500, PartState.SETTLED, 0, 500, 0),
        (700, PartState.SETTLED, 0, 300, 200),
        (1_000, PartState.RELEASED, 0, 0, 500),
    ],
)
def test_a_line_that_leaves_an_unpaid_order_lowers_what_is_due_before_it_frees_credit_notes(
    price, state, due, kept, freed
):
    lines = [held(1, price), *([held(2, 1_000 - price)] if price < 1_000 else [])]
    settlement = settling.settle(order(*lines), {}, [note("a", 500)], NOW).settlement
    changes = settling.withdraw(settlement, "booking-1", {}, NOW)
    part = changes.settlement.parts[0]
    assert (part.state, part.amount_due_cents, part.credits_used_cents) == (state, due, kept)
    assert -sum(use.amount_cents for use in changes.moved.used) == freed
    assert all(balanced(entry) for entry in changes.moved.entries)
    assert bool(changes.settled) == (state is PartState.SETTLED)


def test_the_last_payable_line_leaving_may_settle_the_rest_without_credit_notes():
    settlement = settling.settle(order(held(1, 500), held(2, 0)), {}, [], NOW).settlement
    changes = settling.withdraw(settlement, "booking-1", {}, NOW)
    assert (changes.moved.entries, changes.settlement.parts[0].state) == ((), PartState.SETTLED)


def test_a_line_of_no_order_or_of_a_settled_one_is_not_withdrawn():
    settled = settling.settle(order(held(1, 500)), {}, [note("a", 500)], NOW).settlement
    assert settling.withdraw(settled, "booking-1", {}, NOW).settlement is None
    assert settling.withdraw(settled, "booking-9", {}, NOW).settlement is None


@pytest.mark.parametrize(
    ("minutes", "open_page", "releasable"),
    [(24, False, False), (25, False, True), (25, True, False), (600, True, False), (600, False, True)],
)
def test_reservations_end_when_no_payment_can_succeed_any_more(minutes, open_page, releasable):
    part = settling.settle(order(held(1, 500)), {}, [], NOW).settlement.parts[0]
    now = NOW + timedelta(minutes=minutes)
    assert settling.releasable(part, now, payment_open=open_page) == releasable


def test_released_credit_notes_are_free_again():
    settlement = settling.settle(
        order(held(1, 500), held(2, 100, office=CANTEEN)), {}, [note("a", 200)], NOW
    ).settlement
    changes = settling.release(settlement, settlement.parts[0], {})
    assert [(use.credit_note_id, use.amount_cents) for use in changes.moved.used] == [("a", -200)]
    assert [part.state for part in changes.settlement.parts] == [PartState.RELEASED, PartState.DUE]
    assert not settling.release(changes.settlement, changes.settlement.parts[1], {}).moved.entries


def test_each_entry_of_an_order_moves_the_credit_notes_of_one_id_alone():
    notes = [note("a", 200), note("b", 100, family="family-2", minutes=1), note("c", 50, minutes=2)]
    settlement = settling.settle(order(held(1, 500)), {}, notes, NOW)
    reserved = {entry.family_id: entry for entry in settlement.moved.entries}
    assert {name: entry.uses for name, entry in reserved.items()} == {
        "family-1": (("a", 200), ("c", 50)),
        "family-2": (("b", 100),),
    }
    assert {leg.account.name for leg in reserved["family-2"].legs} == {
        "credit:office-1:family-2",
        "held:office-1:family-1",
    }
    assert settlement.settlement.family_id == "family-1"


def test_released_credit_notes_are_free_again_under_the_id_that_they_were_issued_to():
    notes = [note("a", 200), note("b", 100, family="family-2", minutes=1)]
    settlement = settling.settle(order(held(1, 500)), {}, notes, NOW).settlement
    changes = settling.release(settlement, settlement.parts[0], {"b": "family-2"})
    assert [(entry.id, entry.family_id, entry.uses) for entry in changes.moved.entries] == [
        ("release:settlement-1:office-1", "family-1", (("a", -200),)),
        ("release:settlement-1:office-1:family-2", "family-2", (("b", -100),)),
    ]
    assert all(balanced(entry) for entry in changes.moved.entries)


def test_an_order_is_due_until_its_first_hold_ends():
    sooner = HELD_UNTIL - timedelta(minutes=5)
    changes = settling.settle(order(held(1, 5), held(2, 5, until=sooner)), {}, [], NOW)
    assert changes.settlement.parts[0].held_until == sooner


def test_what_can_be_paid_now_is_due_and_still_held():
    lines = [held(1, 500), held(2, 100, office=CANTEEN)]
    settlement = settling.settle(order(*lines), {}, [note("a", 500)], NOW).settlement
    assert [part.office for part in settling.payable_parts(settlement, NOW)] == [CANTEEN]
    assert settling.payable_parts(settlement, HELD_UNTIL) == []
