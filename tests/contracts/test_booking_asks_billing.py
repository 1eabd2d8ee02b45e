"""Booking and billing understand each other about prices and orders."""

from datetime import UTC, date, datetime

import pytest

from billing.settlements import contract
from booking.ports.billing import Billing, BookingToPrice, CancellationToPrice, Settlement
from booking.vocabulary import BookingFacts, ChargingMode, DayPart, SettlementState
from chassis.values.context import Context
from chassis.values.errors import Refused
from tests.contracts import language, telling

ANA = Context(kind="person", issuer="gateway", organisation_id="o", account_id="a", family_id="f")
HELD_UNTIL = datetime(2026, 11, 16, 8, 25, tzinfo=UTC)
ORDER = Settlement("settlement-1", None, "family-1", ((0, "booking-0", HELD_UNTIL),), ((1, "booking-1"),))


class Paper:
    """A bus that holds what is asked against billing's doors, and answers what it is given."""

    def __init__(self, answer):
        self.answer = answer

    def call(self, service, method, context, request, timeout_s=2.0):
        door = language.doors_of(service)[method]
        assert context.kind in door.accepts[context.issuer]
        assert door.request.validate(request) == {}
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def billing(answer):
    return Billing(Paper(answer), 2.0, 2.0)


FACTS = BookingFacts(
    child_id="child",
    child_name="Léo Roy",
    activity_id="activity",
    activity_name="Danse",
    activity_group="Loisirs",
    centre_id="centre",
    centre_name="Les Cabanes",
    day=date(2026, 11, 25),
    day_part=DayPart.DAY,
    arrives_at=None,
    leaves_at=None,
    charging_mode=ChargingMode.PREPAID,
)
BOOKING = BookingToPrice(0, "booking-0", FACTS, charged=True)
CANCELLATION = CancellationToPrice(1, "booking-1", ChargingMode.PREPAID)


@pytest.mark.parametrize("way", telling.replies("billing", "quote"), ids=str)
def test_what_booking_asks_to_be_priced_is_priced_as_it_reads_it(way):
    quote = billing(way.message).quote(ANA.as_service("booking"), "quote-1", [BOOKING], [CANCELLATION])
    assert quote.prices_cents == {0: way.message["lines"][0]["price_cents"]}
    assert quote.credits_cents == {1: way.message["credits"][0]["amount_cents"]}
    assert quote.offices[0].amount_due_cents == way.message["offices"][0]["amount_due_cents"]


@pytest.mark.parametrize("way", telling.replies("billing", "settle"), ids=str)
def test_what_booking_asks_to_be_settled_is_settled_as_it_reads_it(way):
    payment = billing(way.message).settle(ANA.as_service("booking"), ORDER)
    assert (payment.state, payment.held_until) == (SettlementState.DUE, HELD_UNTIL)
    assert payment.amount_due_cents == way.message["offices"][0]["amount_due_cents"]


def test_booking_reads_every_state_of_a_settlement_that_billing_publishes():
    reply = telling.example("billing", "settle.reply")
    for state in contract.STATES:
        assert billing(reply | {"state": state}).settle(ANA.as_service("booking"), ORDER).state == state


@pytest.mark.parametrize("code", ["no_tariff", "no_wallet", "not_found", "conflict"])
def test_a_refusal_of_billing_reaches_booking_as_itself(code):
    refusal = language.refused(telling.example("billing", f"{code}.refusal"))
    with pytest.raises(Refused) as refused:
        billing(refusal).quote(ANA.as_service("booking"), "quote-1", [BOOKING], [CANCELLATION])
    assert refused.value == refusal


def test_every_door_for_booking_is_held_here():
    doors = {name for name, door in language.doors_of("billing").items() if "booking" in door.accepts}
    assert doors == {"quote", "settle"}
