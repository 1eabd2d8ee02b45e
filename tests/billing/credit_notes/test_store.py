"""Charges and credit notes on a real database."""

from datetime import timedelta

import pytest

from billing.credit_notes.model import CreditReason, CreditUse, Movements
from billing.ledger.store.journal import FloorReachedError
from chassis.storage.mongo import in_transaction
from tests.billing.town import (
    FAMILY,
    LEISURE,
    NOW,
    SCOPE,
    STAMP,
    charge,
    order,
    stamp,
)


def test_what_was_paid_before_is_taken_over_once_however_often_it_is_told(store, books):
    told = [charge("a", 800), charge("b", 100), charge("a", 900)]
    assert store.credit_notes.take_over(SCOPE, told, STAMP) == 2
    assert store.credit_notes.take_over(SCOPE, told, STAMP) == 0
    charges = store.credit_notes.charges(SCOPE, ["a", "b"])
    assert {name: each.charged_cents for name, each in charges.items()} == {"a": 800, "b": 100}
    assert books.check() == []


def test_credit_notes_are_told_with_the_numbers_that_they_have_and_listed_the_latest_first(store):
    store.offices.put(SCOPE, LEISURE)
    store.credit_notes.take_over(SCOPE, [charge("old", 800), charge("older", 100)], STAMP)
    for minute, booking_id in enumerate(("older", "old")):
        at = stamp(NOW + timedelta(minutes=minute))
        assert store.credit_notes.credit(SCOPE, booking_id, CreditReason.CANCELLED, at)
    told = store.database["outbox"].find({"name": "credit_note_issued"}).sort("occurred_at", -1)
    listed = [note.number for note in store.credit_notes.history(SCOPE, FAMILY)]
    assert listed == [row["data"]["number"] for row in told]
    assert listed == ["A-LOISIRS-2026-000002", "A-LOISIRS-2026-000001"]


def test_a_settle_and_an_event_for_one_cancellation_make_one_credit_note(store, books):
    store.credit_notes.take_over(SCOPE, [charge("old", 800)], STAMP)
    assert store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    store.settlements.settle(SCOPE, order(cancelled=["old"]), STAMP)
    assert not store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    assert len(store.credit_notes.history(SCOPE, FAMILY)) == 1
    assert books.check() == []


def test_the_avoir_of_a_cancellation_is_found_whichever_way_it_came_and_by_nobody_elses_family(store):
    store.credit_notes.take_over(SCOPE, [charge("old", 800), charge("kept", 100)], STAMP)
    store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    [note] = store.credit_notes.of_bookings(SCOPE, FAMILY, ["old", "kept"])
    assert (note.booking_id, note.amount_cents, note.number) == ("old", 800, "A-LOISIRS-2026-000001")
    assert store.credit_notes.of_bookings(SCOPE, "another family", ["old"]) == []


@pytest.fixture
def carry_out(store, mongo_database):
    """Keeps what moves, as at the end of a decision; whatever that decision had read."""

    def keep(moved):
        in_transaction(
            mongo_database, lambda session: store.credit_notes.carry_out(session, SCOPE, moved, STAMP)
        )

    return keep


def test_an_avoir_is_not_used_for_more_than_is_left_of_it(store, carry_out):
    store.credit_notes.take_over(SCOPE, [charge("old", 500)], STAMP)
    store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    [note] = store.credit_notes.free(SCOPE, FAMILY)
    carry_out(Movements(used=(CreditUse(note.id, 300),)))
    with pytest.raises(FloorReachedError, match=note.id):
        carry_out(Movements(used=(CreditUse(note.id, 201),)))
    carry_out(Movements(used=(CreditUse(note.id, 200),)))
    assert store.credit_notes.free(SCOPE, FAMILY) == []


def test_no_more_is_given_back_of_a_booking_than_it_was_charged(store, carry_out):
    store.credit_notes.take_over(SCOPE, [charge("old", 500)], STAMP)
    carry_out(Movements(credited=(("old", 300),)))
    with pytest.raises(FloorReachedError, match="old"):
        carry_out(Movements(credited=(("old", 201),)))
    carry_out(Movements(credited=(("old", 200),)))
    assert store.credit_notes.charges(SCOPE, ["old"])["old"].credited_cents == 500
