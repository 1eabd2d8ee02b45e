"""Which events tell of a change."""

from dataclasses import replace

from billing.attempts import rules as payments
from billing.attempts.model import PaymentState
from billing.settlements.model import Promotion
from billing.settlements.rules import settling as settlements
from billing.settlements.rules.announcements import announcements
from tests.billing.town import (
    NOW,
    charge,
    held,
    order,
    payment,
)


def _due(*lines, notes=()):
    return settlements.settle(order(*(lines or (held(1, 500),))), {}, list(notes), NOW).settlement


def _booked(settlement, amount, notes=()):
    paid = replace(payment(amount), state=PaymentState.PAID)
    return payments.book(paid, settlement, list(notes), "surplus", NOW)


def test_money_that_nobody_needs_any_more_is_told_with_its_receipt_and_without_lines():
    settled = _booked(_due(), 500).settlement
    twice = _booked(settled, 500)
    twice = replace(twice, payment=replace(twice.payment, receipt_number="R-2"))
    receipt = announcements(twice, twice.settlement, NOW)[-1]
    assert (receipt.name, receipt.aggregate_id) == ("payment_settled", twice.payment.id)
    assert (receipt.data["receipt_number"], receipt.data["amount_cents"]) == ("R-2", 500)
    assert receipt.data["lines"] == []


def test_events_tell_of_what_happened():
    promotion = Promotion("booking-1", {"day": "2026-11-18"})
    due = settlements.settle(order(held(1, 500), promotion=promotion), {}, [], NOW)
    (asked,) = announcements(due, due.settlement, NOW)
    assert (asked.name, asked.data["amount_cents"], asked.data["facts"]) == (
        "payment_asked",
        500,
        {"day": "2026-11-18"},
    )
    bare = replace(due, settlement=replace(due.settlement, promotion=None))
    assert announcements(bare, bare.settlement, NOW)[0].data["facts"] == {}
    paid = _booked(due.settlement, 500)
    (settled,) = announcements(paid, paid.settlement, NOW)
    assert (settled.name, settled.data["method"], settled.data["paid_at"]) == (
        "payment_settled",
        "online",
        "2026-11-16T08:00:00.000Z",
    )
    covered = settlements.settle(order(held(1, 500), cancelled=["old"]), {"old": charge("old", 500)}, [], NOW)
    names = [(told.name, told.data.get("method")) for told in announcements(covered, covered.settlement, NOW)]
    assert names == [("credit_note_issued", None), ("payment_settled", "credit")]
    assert [told.name for told in announcements(covered, None, NOW)] == ["credit_note_issued"]
