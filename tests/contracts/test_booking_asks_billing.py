"""Booking and billing understand each other about prices and orders."""

from datetime import UTC, date, datetime
from pathlib import Path

from billing import contract
from booking.model import Action, ChargingMode, DayPart, DecisionMode
from booking.model.baskets import Line, PaymentState
from booking.ports import Billing, Settlement
from chassis.context import Context
from chassis.testing import golden

EXAMPLES = golden.examples(Path(contract.__file__).parents[3] / "contract" / "v1")
ANA = Context(kind="person", issuer="gateway", organisation_id="o", account_id="a", family_id="f")


class Paper:
    """A bus that holds what is asked against billing's schemas, and answers with its examples."""

    def call(self, service, method, context, request, timeout_s=2.0):
        asked, _ = contract.RPCS[method]
        assert (service, context.kind, context.issuer) == ("billing", "service", "booking")
        assert asked.validate(request) == {}
        return EXAMPLES[f"{method}.reply"]


def _line(number, action):
    return Line(
        line=number,
        action=action,
        booking_id=f"booking-{number}",
        child_id="child",
        child_name="Léo Roy",
        activity_id="activity",
        activity_name="Danse",
        activity_group="Loisirs",
        centre_id="centre",
        centre_name="Les Cabanes",
        day=date(2026, 11, 25),
        day_part=DayPart("day"),
        arrives_at=None,
        leaves_at=None,
        charging_mode=ChargingMode("prepaid"),
        decision_mode=DecisionMode("instant"),
        seats_id=None,
        slot=None,
    )


def test_what_booking_asks_to_be_priced_is_priced_as_it_reads_it():
    billing = Billing(Paper(), 2.0, 2.0)
    quote = billing.quote(ANA, "quote-1", [_line(0, Action.BOOK), _line(1, Action.CANCEL)])
    reply = EXAMPLES["quote.reply"]
    assert quote.prices_cents == {0: reply["lines"][0]["price_cents"]}
    assert quote.credits_cents == {1: reply["credits"][0]["amount_cents"]}
    assert quote.offices[0].amount_due_cents == reply["offices"][0]["amount_due_cents"]


def test_what_booking_asks_to_be_settled_is_settled_as_it_reads_it():
    billing = Billing(Paper(), 2.0, 2.0)
    held_until = datetime(2026, 11, 16, 8, 25, tzinfo=UTC)
    order = Settlement("settlement-1", None, "family-1", ((0, "booking-0", held_until),), ((1, "booking-1"),))
    payment = billing.settle(ANA.as_service("booking"), order)
    assert (payment.state, payment.held_until) == (PaymentState.DUE, held_until)
    assert payment.amount_due_cents == EXAMPLES["settle.reply"]["offices"][0]["amount_due_cents"]
