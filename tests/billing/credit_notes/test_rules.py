"""The tables of docs/rules/prepayment.md on credit notes, as parameters."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.credit_notes.model import CreditReason, CreditUse
from billing.credit_notes.rules import assign, charged_to, credit, give_back, oldest_first, take_over
from billing.ledger.rules import balanced
from tests.billing.town import NOW, charge, note

AMOUNTS = st.integers(min_value=0, max_value=5_000)


@pytest.mark.parametrize(
    ("left", "amount", "used", "due"),
    [
        ([], 800, [], 800),
        ([500], 800, [500], 300),
        ([500, 500], 800, [500, 300], 0),
        ([800], 800, [800], 0),
        ([0, 300], 200, [200], 0),
        ([500], 0, [], 0),
    ],
)
def test_credit_notes_pay_first_and_the_oldest_of_them_before_the_others(left, amount, used, due):
    notes = [note(str(place), cents, minutes=place) for place, cents in enumerate(left)]
    uses, missing = assign(list(reversed(notes)), amount)
    assert [use.amount_cents for use in uses] == used
    assert missing == due
    assert [use.credit_note_id for use in uses] == sorted(use.credit_note_id for use in uses)


def test_of_avoirs_of_one_instant_those_with_a_number_go_first():
    fresh = replace(note("b", 100), number="")
    assert oldest_first([fresh, note("a", 100)]) == [note("a", 100), fresh]


def test_the_oldest_goes_first_whatever_its_number():
    """Numbers begin anew with every year."""
    older, newer = note("009", 500, minutes=0), note("001", 500, minutes=1)
    assert assign([newer, older], 600)[0] == (CreditUse("009", 500), CreditUse("001", 100))


@given(left=st.lists(AMOUNTS, max_size=8), amount=AMOUNTS)
def test_what_is_assigned_and_what_is_missing_make_the_amount(left, amount):
    notes = [note(f"{place:03d}", cents, minutes=place) for place, cents in enumerate(left)]
    uses, missing = assign(notes, amount)
    taken = {use.credit_note_id: use.amount_cents for use in uses}
    assert sum(taken.values()) + missing == amount
    assert missing == max(0, amount - sum(left))
    assert all(0 < cents <= left[int(name)] for name, cents in taken.items())
    newest = max((int(name) for name in taken), default=0)
    assert all(taken.get(f"{place:03d}", 0) == left[place] for place in range(newest))


@given(parts=st.lists(st.integers(1, 500), max_size=6), share=st.integers(0, 100))
def test_what_is_given_back_and_what_is_kept_were_taken(parts, share):
    uses = tuple(CreditUse(str(place), cents) for place, cents in enumerate(parts))
    amount = sum(parts) * share // 100
    kept, freed = give_back(uses, amount)
    assert sum(use.amount_cents for use in freed) == amount
    assert sum(use.amount_cents for use in kept) == sum(parts) - amount
    assert [use.credit_note_id for use in kept] == [str(place) for place in range(len(kept))]


@pytest.mark.parametrize(
    ("charged", "credited", "given"), [(600, 0, 600), (600, 200, 400), (600, 600, None), (0, 0, None)]
)
def test_never_more_is_given_back_than_was_charged(charged, credited, given):
    moved = credit(charge("b", charged, credited=credited), "note", CreditReason.SEAT_LOST, NOW)
    assert [each.amount_cents for each in moved.issued] == ([given] if given else [])


def test_a_booking_paid_before_the_books_began_is_charged():
    assert balanced(take_over(charge("b", 500)).entries[0])
    assert take_over(charge("b", 0)).entries == ()


def test_a_family_s_own_are_the_charges_under_any_id_of_its_file():
    charges = {name: charge(name, 500, family=name) for name in ("family-1", "family-2", "family-3")}
    assert set(charged_to(charges, ("family-1", "family-3"))) == {"family-1", "family-3"}
