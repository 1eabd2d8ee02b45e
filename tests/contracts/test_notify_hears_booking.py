"""Notify understands what booking says."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from notify.letters import render, rules
from notify.letters.model import Writer
from notify.ports import booking as ports
from notify.vocabulary import Contact, Organisation
from tests.contracts import telling

CARTEVILLE = Organisation("o", "Mairie de Carteville", "carteville", "Europe/Paris")
ANA = Contact("Ana Roy", "ana.roy@carteville.example")
A_BOOKING = {"booking_id", "family_id", "child_name", "activity_name", "day"}
A_TELLING = {
    "telling_id",
    "family_id",
    "name",
    "lines",
    *(f"lines.{name}" for name in ("child_name", "activity_name", "day")),
}
WRITER = Writer(CARTEVILLE, "https://portail.example", datetime(2026, 11, 16, 8, tzinfo=UTC))
ANSWERS = (
    "booking_accepted",
    "booking_waitlisted",
    "booking_refused",
    "booking_cancelled",
    "cancellation_declined",
)
ANSWERED = {
    "seat_promoted": {"to": "accepted"},
    "booking_accepted": {"how": "granted"},
    "booking_waitlisted": {"how": "granted"},
    "booking_cancelled": {"was": "cancellation_requested"},
}
"""What calls for a letter: a seat that need not be paid, and what the services answered."""
NEEDS = {
    "confirmation_answered": {
        "confirmation_id",
        "family_id",
        "lines",
        *(f"lines.{name}" for name in ("child_name", "activity_name", "day", "action", "verdict")),
        "payment",
        "payment.state",
        *(
            f"payment.offices.{name}"
            for name in ("name", "bookings_cents", "credits_used_cents", "amount_due_cents")
        ),
        *(f"payment.credit_notes.{name}" for name in ("booking_id", "number", "amount_cents")),
    },
    "days_closed": {*A_TELLING, "lines.was"},
    "days_opened": A_TELLING,
    "hold_expired": A_BOOKING,
    **dict.fromkeys(ANSWERS, A_BOOKING),
    "seat_lost": A_BOOKING,
    "seat_promoted": A_BOOKING,
}


def letter(told):
    return rules.letter_of(told.name, ports.read_fact(told.name, told.data))


@pytest.mark.parametrize("way", telling.events("notify", "booking"), ids=str)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_notify_writes_a_letter_about_what_became_of_a_booking(way, language):
    told = way.message
    told.data.update(ANSWERED.get(told.name, {}))
    written = letter(told)
    assert written.family_id == told.data["family_id"]
    text = render.render(written, WRITER, ANA, language).text
    lines = told.data.get("lines", [told.data])
    assert all(line["child_name"] in text and line["activity_name"] in text for line in lines)


@pytest.mark.parametrize("way", telling.events("notify", "booking", "seat_promoted"), ids=str)
def test_a_seat_that_is_still_to_be_paid_is_left_to_billing_to_tell(way):
    assert way.message.data["to"] == "held"
    assert letter(way.message) is None


@pytest.mark.parametrize("way", telling.events("notify", "booking", *ANSWERS), ids=str)
def test_what_a_family_did_itself_is_left_to_its_confirmation(way):
    told = way.message
    told.data.update({"how": "booked", "was": "accepted"})
    by_itself = {"booking_accepted", "booking_waitlisted", "booking_cancelled"}
    assert (letter(told) is None) is (told.name in by_itself)


def test_notify_needs_no_more_than_this():
    def answered(told):
        return letter(replace(told, data=told.data | ANSWERED.get(told.name, {})))

    assert telling.needs("notify", "booking", answered) == NEEDS
