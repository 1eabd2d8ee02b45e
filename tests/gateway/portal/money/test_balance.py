"""My balance: what is due, and credit notes with the day that each came from."""

import pytest

from chassis.values.errors import Unavailable
from tests.gateway import samples
from tests.gateway.portal.reading import read


def test_a_used_credit_note_is_still_seen_with_the_day_that_it_came_from(parent, town, monkeypatch):
    used = {**samples.CREDIT_NOTE, "id": "cn-2", "left_cents": 0, "booking_id": "b-1"}
    whole = {**samples.CREDIT_NOTE, "id": "cn-3", "left_cents": 900, "booking_id": None}
    monkeypatch.setattr(samples, "CREDIT_NOTE", used)
    town.list_credit_notes = lambda request: {"data": [used, whole]}
    first, second = read(parent.get("/balance")).select("#credits li")
    assert "mercredi 18 novembre" in first.text
    assert "Utilisé" in first.text
    assert "Pour votre prochaine réservation" in second.text


def test_credit_notes_are_told_without_their_days_while_booking_is_silent(parent, town):
    town.refusing["booking.list_bookings"] = Unavailable("booking", "away")
    assert "reste 1,00\u00a0€" in read(parent.get("/balance")).select_one("#credits").text


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("#payments", f"/balance/receipts/{samples.PAYMENT_MADE['id']}.pdf"),
        ("#credits", f"/balance/credit-notes/{samples.CREDIT_NOTE['id']}.pdf"),
    ],
)
def test_a_receipt_and_a_credit_note_are_kept_as_pdf_from_their_lines(parent, place, path):
    assert read(parent.get("/balance")).select_one(f"{place} a[href='{path}']")
    answer = parent.get(path)
    assert (answer.mimetype, answer.data[:4]) == ("application/pdf", b"%PDF")
