"""Which events tell of a settlement."""

from dataclasses import replace

from billing.attempts.model import AttemptPart
from billing.attempts.rules import booking
from billing.credit_notes.rules import issued
from billing.settlements.model import Promotion
from billing.settlements.rules import settling
from billing.settlements.rules.announcements import announcements, not_needed, part_settled, parts_paid
from tests.billing.town import CANTEEN, NOW, attempt, charge, found, held, order


def _settle(*lines, **options):
    charges = {name: charge(name, 500) for name in options.get("cancelled", ())}
    return settling.settle(order(*(lines or (held(1, 500),)), **options), charges, [], NOW)


def _booked(amount, *settlements):
    tried = attempt(amount)
    parts = tuple(AttemptPart(each.id, each.parts[0].amount_due_cents or amount) for each in settlements)
    money = booking.received(tried, found(tried), NOW)
    known = {each.id: each for each in settlements}
    booked = booking.book(money, parts, known, [], credit_note_id="surplus", now=NOW)
    return replace(booked, payment=replace(booked.payment, receipt_number="R-2"))


def test_a_promoted_seat_that_is_due_is_asked_to_be_paid_with_what_booking_told():
    due = _settle(promotion=Promotion("booking-1", {"day": "2026-11-18"}))
    (asked,) = announcements(due, NOW)
    assert (asked.name, asked.sequence, asked.data["amount_cents"]) == ("payment_asked", 1, 500)
    assert (asked.data["facts"], asked.data["held_until"]) == ({"day": "2026-11-18"}, held(1, 500).held_until)
    bare = replace(due, settlement=replace(due.settlement, promotion=None))
    assert announcements(bare, NOW)[0].data["facts"] == {}


def test_a_part_that_is_paid_is_told_with_its_receipt():
    booked = _booked(500, _settle().settlement)
    ((settlement, part),) = booked.settled
    told = part_settled(settlement, part, booked.payment, NOW)
    assert (told.name, told.sequence, told.data["method"]) == ("payment_settled", 2, "online")
    assert (told.data["paid_at"], told.data["receipt_number"]) == (NOW, "R-2")
    assert [line["booking_id"] for line in told.data["lines"]] == ["booking-1"]


def test_a_payment_for_two_orders_is_told_for_each_with_the_one_receipt():
    other = _settle(held(2, 300), name="settlement-2").settlement
    booked = _booked(800, _settle().settlement, other)
    told = parts_paid(booked.settled, booked.payment, NOW)
    assert [(each.aggregate_id, each.data["amount_cents"]) for each in told] == [
        ("settlement-1", 500),
        ("settlement-2", 300),
    ]
    whole = {
        "amount_cents": 800,
        "credits_used_cents": 0,
        "orders": 2,
        "lines": [{"booking_id": "booking-1"}, {"booking_id": "booking-2"}],
    }
    assert [each.data["receipt"] for each in told] == [whole, whole]


def test_a_payment_for_one_order_says_all_without_a_receipt_of_several():
    booked = _booked(500, _settle().settlement)
    (told,) = parts_paid(booked.settled, booked.payment, NOW)
    assert "receipt" not in told.data


def test_each_cash_offices_part_is_told_under_a_sequence_of_its_own():
    due = _settle(held(1, 500), held(2, 300, office=CANTEEN)).settlement
    told = [part_settled(due, part, None, NOW) for part in due.parts]
    assert [each.sequence for each in told] == [2, 3]


def test_a_part_that_credit_covers_is_told_without_a_receipt():
    covered = _settle(held(1, 500), cancelled=["old"])
    (told,) = announcements(covered, NOW)
    assert (told.data["method"], told.data["receipt_number"], told.data["amount_cents"]) == (
        "credit",
        None,
        0,
    )
    assert [issued(note).data["amount_cents"] for note in covered.moved.issued] == [500]


def test_a_decision_without_a_settlement_tells_nothing():
    assert announcements(settling.withdraw(_settle().settlement, "unknown", {}, NOW), NOW) == []


def test_money_that_nobody_needs_any_more_is_told_with_its_receipt_and_without_lines():
    paid = _booked(500, _settle().settlement).settled[0][0]
    twice = _booked(500, paid)
    receipt = not_needed(twice.payment, "settlement-1")
    assert (twice.settled, receipt.aggregate_id) == ((), "payment-1")
    assert (receipt.data["receipt_number"], receipt.data["amount_cents"]) == ("R-2", 500)
    assert receipt.data["lines"] == []


def test_what_is_told_of_a_payment_for_several_settlements_adds_up_to_the_payment():
    other = _settle(held(1, 300, booking_id="booking-9"), name="settlement-2").settlement
    booked = _booked(900, _settle().settlement, other)
    told = [part_settled(*each, booked.payment, NOW).data["amount_cents"] for each in booked.settled]
    assert told == [600, 300]
