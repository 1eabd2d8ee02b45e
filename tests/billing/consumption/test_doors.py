"""Hearing of bookings that are charged later, and of cancellations, on fakes."""

import pytest

from billing.consumption import doors
from billing.credit_notes.doors import list_credit_notes
from billing.settlements.model import PartState
from billing.settlements.rules import settling
from tests.billing.asking import FACTS
from tests.billing.house import ANA
from tests.billing.town import NOW, charge, held, order

CANCELLED = {**FACTS, "booking_id": "booking-1", "was": "accepted", "in_time": True}


@pytest.mark.parametrize(("mode", "expected"), [("invoiced", 1), ("wallet", 1), ("prepaid", 0), ("free", 0)])
def test_what_is_charged_later_is_expected(fakes, mode, expected):
    fakes.hear(doors.on_booking_accepted, {**FACTS, "charging_mode": mode}, sequence=3)
    assert [each.sequence for each in fakes.consumption.expected] == [3] * expected


def test_what_was_to_be_charged_later_is_expected_no_more(fakes):
    fakes.hear(doors.on_booking_cancelled, {**CANCELLED, "charging_mode": "invoiced"}, sequence=4)
    assert fakes.consumption.forgotten == [("booking-1", 4)]
    assert fakes.bell.woken == 0


@pytest.mark.parametrize(("in_time", "given"), [(True, [500]), (False, [])])
def test_what_was_paid_is_given_back_if_it_is_cancelled_in_time(fakes, in_time, given):
    fakes.credit_notes.charged["booking-1"] = charge("booking-1", 500)
    fakes.hear(doors.on_booking_cancelled, {**CANCELLED, "in_time": in_time})
    fakes.hear(doors.on_booking_cancelled, {**CANCELLED, "in_time": in_time})
    listed = fakes.ask(list_credit_notes, ANA)["data"]
    assert [(each["amount_cents"], each["reason"]) for each in listed] == [
        (each, "cancelled") for each in given
    ]


def test_what_waits_to_be_paid_leaves_its_order(fakes):
    fakes.settlements.kept["settlement-1"] = settling.settle(order(held(1, 500)), {}, [], NOW).settlement
    fakes.hear(doors.on_booking_cancelled, {**CANCELLED, "was": "held"})
    assert fakes.settlements.kept["settlement-1"].parts[0].state is PartState.RELEASED
