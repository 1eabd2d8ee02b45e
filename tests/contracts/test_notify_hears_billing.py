"""Notify understands what billing says."""

from datetime import UTC, datetime

import pytest

from notify.letters import render, rules
from notify.letters.model import Writer
from notify.ports import billing as ports
from notify.vocabulary import Contact, Organisation
from tests.contracts import telling

CARTEVILLE = Organisation("o", "Mairie de Carteville", "carteville", "Europe/Paris")
ANA = Contact("Ana Roy", "ana.roy@carteville.example")
WRITER = Writer(CARTEVILLE, "https://portail.example", datetime(2026, 11, 16, 8, tzinfo=UTC))
NEEDS = {
    "credit_note_issued": {"credit_note_id", "number", "family_id", "amount_cents"},
    "payment_asked": {
        "settlement_id",
        "family_id",
        "amount_cents",
        "held_until",
        "facts",
        *(f"facts.{name}" for name in ("child_name", "activity_name", "day")),
    },
    "payment_not_received": {"payment_id", "family_id", "amount_cents", "started_at"},
    "payment_settled": {
        "settlement_id",
        "family_id",
        "amount_cents",
        "receipt_number",
        "paid_at",
        *(f"receipt.{name}" for name in ("amount_cents", "credits_used_cents", "lines")),
    },
}


def letter(told):
    return rules.letter_of(told.name, ports.read_fact(told.name, told.data))


def written(told, language="fr"):
    mail = render.render(letter(told), WRITER, ANA, language)
    return f"{mail.subject}\n{mail.text}"


@pytest.mark.parametrize("way", telling.events("notify", "billing", "payment_asked"), ids=str)
def test_notify_asks_for_the_payment_of_a_seat_with_its_amount_and_its_link(way):
    text = written(way.message)
    assert "12,00" in text
    assert way.message.data["facts"]["child_name"] in text
    assert f"/pay/{way.message.data['settlement_id']}" in text


@pytest.mark.parametrize("way", telling.events("notify", "billing", "credit_note_issued"), ids=str)
def test_notify_tells_of_a_credit_note_with_its_number_and_amount(way):
    text = written(way.message)
    assert way.message.data["number"] in text
    assert "5,00" in text


@pytest.mark.parametrize("way", telling.events("notify", "billing", "payment_settled"), ids=str)
def test_notify_sends_the_receipt_of_a_payment_if_it_has_one(way):
    number = way.message.data["receipt_number"]
    if number is None:
        assert letter(way.message) is None
    else:
        assert number in written(way.message)
        whole = "12" if way.message.data.get("receipt") else "7"
        assert f"{whole},00" in written(way.message, "fr")
        assert f"{whole}.00" in written(way.message, "en")


@pytest.mark.parametrize("way", telling.events("notify", "billing", "payment_not_received"), ids=str)
def test_notify_tells_that_nothing_came_of_a_payment_that_was_checked(way):
    assert "3,92" in written(way.message)
    assert "rien n'a été encaissé" in written(way.message).replace("\u2019", "'")


def test_notify_needs_no_more_than_this():
    assert telling.needs("notify", "billing", letter) == NEEDS
