"""What booking reads of others, in its own terms: it takes what it needs and minds nothing else."""

from datetime import UTC, date, datetime

import pytest
from marshmallow import ValidationError

from booking.ports import billing, family, identity
from booking.vocabulary import CreditGiven, OfficeDue, SettlementState
from chassis.testing import person
from chassis.values.errors import Failed, Refused, Unavailable
from chassis.values.event import Event

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
OFFICE = {
    "cash_office_id": "o",
    "name": "Régie",
    "bookings_cents": 752,
    "credits_used_cents": 52,
    "amount_due_cents": 700,
}


class Wire:
    """Answers what it is given, and keeps what was asked."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = None

    def call(self, service, method, context, request, timeout_s=2.0):
        self.asked = service, method, context, request, timeout_s
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def event(kind, **data):
    return Event("e", kind, 1, "town", "a", 3, NOW, None, None, data)


def settlement(**changes):
    made = {
        "id": "c",
        "quote_id": "q",
        "family_id": "f",
        "held": ((1, "b", NOW), (2, "d", NOW.replace(hour=9))),
        "cancelled": ((3, "g"),),
    }
    return billing.Settlement(**{**made, **changes})


def test_a_settlement_tells_what_is_held_and_what_is_given_back():
    note = {"booking_id": "g", "number": "A-1", "amount_cents": 500}
    told = {"state": "due", "offices": [{**OFFICE, "colour": "blue"}], "credit_notes": [note], "more": 1}
    wire = Wire(told)
    payment = billing.Billing(wire, 2.0, 3.0).settle(person().as_service("booking"), settlement())
    service, method, _, request, timeout_s = wire.asked
    assert (service, method, timeout_s) == ("billing", "settle", 3.0)
    assert request["held"][0] == {"line": 1, "booking_id": "b", "held_until": "2026-11-09T08:00:00.000Z"}
    assert request["cancelled"] == [{"line": 3, "booking_id": "g"}]
    assert (payment.state, payment.held_until, payment.amount_due_cents) == (SettlementState.DUE, NOW, 700)
    assert payment.credit_notes == (CreditGiven("g", "A-1", 500),)
    assert payment.offices == (OfficeDue(**OFFICE),)


def test_a_quote_says_what_each_line_costs_or_gives_back():
    wire = Wire(
        {
            "quote_id": "q",
            "expires_at": "2026-11-09T08:30:00Z",
            "lines": [{"line": 1, "price_cents": 376, "trace": ["flat"]}],
            "credits": [{"line": 2, "booking_id": "b", "amount_cents": 131}],
            "offices": [{**OFFICE, "cancellations_cents": 131}],
        }
    )
    quote = billing.Billing(wire, 2.0, 3.0).quote(person().as_service("booking"), "q", [], [])
    assert (quote.prices_cents, quote.credits_cents) == ({1: 376}, {2: 131})
    assert quote.expires_at == NOW.replace(minute=30)
    assert wire.asked[2].kind == "service"


@pytest.mark.parametrize("what", [Unavailable("timeout"), Failed("internal"), Refused("conflict", "later")])
def test_a_billing_that_gives_no_answer_leaves_the_money_unknown(what):
    assert billing.Billing(Wire(what), 2.0, 3.0).settle(person(), settlement()) is None


def test_events_are_read_tolerantly():
    child = family.child_changed(
        event("child_changed", child_id="c", family_ids=["f"], first_name="Zoé", last_name="Roy",
              birth_on="2018-05-02", school_class="CE1", shoe_size=31)
    )  # fmt: skip
    assert (child.child_id, child.first_name, child.birth_on) == ("c", "Zoé", date(2018, 5, 2))
    enrolment_id = "3aedab52-1833-5ece-817f-3103099bd011"
    read = family.enrolment_changed(
        event("enrolment_changed", enrolment_id=enrolment_id, child_id="c", activity_id="a",
              school_year="2026-2027", state="accepted")
    )  # fmt: skip
    assert (read.child_id, str(read.enrolment_id), read.state) == ("c", enrolment_id, "accepted")
    organisation = identity.organisation_changed(
        event("organisation_changed", organisation_id="town", slug="s", name="S", time_zone="Europe/Paris")
    )
    assert (organisation.organisation_id, organisation.time_zone) == ("town", "Europe/Paris")
    paid = event("payment_settled", settlement_id="c", lines=[{"booking_id": "b", "line": 1}], amount_cents=3)
    read = billing.payment_settled(paid)
    assert (read.settlement_id, read.booking_ids) == ("c", ("b",))


def test_an_enrolment_whose_id_could_name_a_field_is_not_taken():
    with pytest.raises(ValidationError):
        family.enrolment_changed(
            event("enrolment_changed", enrolment_id="a.$b", child_id="c", activity_id="a",
                  school_year="2026-2027", state="accepted")
        )  # fmt: skip
