import re
from datetime import UTC, date, datetime

import pytest

from notify.letters.model import Letter
from notify.letters.render import LANGUAGES, render
from notify.vocabulary import Contact, MessageKind, Organisation

TOWN = Organisation("o1", "Mairie de Carteville", "carteville", "Europe/Paris")
DAY = {
    "child_name": "Solène",
    "activity_name": "Restauration",
    "centre_name": "Tilleuls",
    "day": date(2026, 11, 16),
}
HELD_UNTIL = datetime(2026, 11, 9, 8, 25, tzinfo=UTC)
LINES = [
    {**DAY, "action": "book", "verdict": "held", "reason": None, "rank": None},
    {**DAY, "action": "book", "verdict": "waitlisted", "reason": None, "rank": 3},
    {**DAY, "action": "cancel", "verdict": "refused", "reason": "past_deadline", "rank": None},
]
PAYMENT = {"state": "due", "amount_due_cents": 1260, "held_until": HELD_UNTIL}
FACTS = {
    MessageKind.CONFIRMATION: {"confirmation_id": "c1", "lines": LINES, "payment": PAYMENT},
    MessageKind.PROMOTION: {**DAY, "booking_id": "b1"},
    MessageKind.PAYMENT_ASKED: {
        "settlement_id": "s1",
        "amount_cents": 764,
        "held_until": HELD_UNTIL,
        "facts": DAY,
    },
    MessageKind.HOLD_EXPIRED: {**DAY, "booking_id": "b1"},
    MessageKind.SEAT_LOST: {**DAY, "booking_id": "b1"},
    MessageKind.RECEIPT: {
        "receipt_number": "2026-000042",
        "amount_cents": 123450,
        "credits_used_cents": 300,
        "paid_at": HELD_UNTIL,
        "cash_office_name": "Régie enfance",
        "method": "card",
    },
    MessageKind.DAYS_CLOSED: {
        "name": "Neige",
        "lines": [{**DAY, "was": "accepted"}, {**DAY, "was": "waitlisted"}],
    },
    MessageKind.DAYS_OPENED: {"name": "Neige", "lines": [DAY]},
    MessageKind.PAYMENT_NOT_RECEIVED: {
        "payment_id": "p1",
        "amount_cents": 392,
        "started_at": HELD_UNTIL,
        "cash_office_name": "Régie enfance",
    },
    MessageKind.CREDIT_NOTE: {
        "number": "A-2026-7",
        "amount_cents": 1260,
        "cash_office_name": "Régie enfance",
    },
}


def rendered(kind, language="fr", name="Côme", facts=None):
    letter = Letter(kind, "f1", "k1", facts or FACTS[kind])
    return render(letter, TOWN, Contact(name, "come@carteville.example"), language, "https://portail.example")


@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_exists_in_every_language_as_text_and_html(kind, language):
    mail = rendered(kind, language)
    assert mail.subject.startswith("Mairie de Carteville" + {"fr": "\xa0: ", "en": ": "}[language])
    assert "\n" not in mail.subject
    assert f'lang="{language}"' in mail.html
    assert not re.search(r"\{\{|\{%|None", mail.text + mail.html)
    assert "https://portail.example/" in mail.text


def test_a_receipt_of_money_that_nobody_needed_any_more_does_not_speak_of_bookings():
    paid = FACTS[MessageKind.RECEIPT]
    assert (
        "Il valide vos réservations" in rendered(MessageKind.RECEIPT, facts={**paid, "bookings": [{}]}).text
    )
    text = rendered(MessageKind.RECEIPT, facts={**paid, "bookings": []}).text
    assert "devient un avoir" in text
    assert "valide" not in text


def test_a_receipt_says_number_amount_and_hour_as_the_french_write_them():
    mail = rendered(MessageKind.RECEIPT)
    assert "Ticket de paiement n°\xa02026-000042" in mail.subject
    assert "1 234,50 €" in mail.text.replace("\u202f", " ").replace("\xa0", " ")
    assert "le 09/11/2026 à 9\xa0h\xa025" in mail.text


def test_an_outcome_lists_every_line_with_its_remark_and_links_to_the_payment():
    mail = rendered(MessageKind.CONFIRMATION)
    assert "Réservation à payer" in mail.text
    assert "en liste d\u2019attente (rang 3)" in mail.text
    assert "Annulation refusée (hors délai)" in mail.text
    assert "https://portail.example/pay/c1" in mail.text
    assert mail.html.count("<tr>") == 4


def test_what_a_family_wrote_is_text_in_the_html_of_its_mails():
    facts = {**FACTS[MessageKind.PROMOTION], "child_name": "<b>x</b>"}
    mail = rendered(MessageKind.PROMOTION, name="<script>alert(1)</script>", facts=facts)
    assert "<script" not in mail.html
    assert "<b>x" not in mail.html


def test_an_unknown_language_is_written_in_french():
    assert rendered(MessageKind.PROMOTION, "eo").subject == rendered(MessageKind.PROMOTION, "fr").subject


@pytest.mark.parametrize(("language", "words"), [("fr", "Nous avons vérifié"), ("en", "We have checked")])
def test_the_receipt_of_a_payment_that_was_checked_says_so(language, words):
    facts = {**FACTS[MessageKind.RECEIPT], "bookings": [], "checked": True}
    assert words in rendered(MessageKind.RECEIPT, language, facts=facts).text
    assert words not in rendered(MessageKind.RECEIPT, language).text


def until(held_until, language, kind=MessageKind.PAYMENT_ASKED):
    return rendered(kind, language, facts={**FACTS[kind], "held_until": held_until}).text


def test_an_instant_is_worded_as_on_the_pages():
    midnight = datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert "avant le lundi 30 novembre à minuit." in until(midnight, "fr")
    assert "before Monday 30 November at midnight." in until(midnight, "en")
    assert "avant le mardi 1er décembre à 9\xa0h\xa030." in until(
        datetime(2026, 12, 1, 8, 30, tzinfo=UTC), "fr"
    )


def test_a_mail_has_one_order_of_dates():
    day = {**DAY, "day": date(2026, 12, 1)}
    facts = {**FACTS[MessageKind.CONFIRMATION], "lines": [{**LINES[0], **day}]}
    assert "- Tuesday 1 December 2026 · " in rendered(MessageKind.CONFIRMATION, "en", facts=facts).text
    assert "- mardi 1er décembre 2026 · " in rendered(MessageKind.CONFIRMATION, "fr", facts=facts).text


@pytest.mark.parametrize(
    ("action", "verdict", "french", "english"),
    [
        ("cancel", "cancelled", "Annulation enregistrée", "Cancellation recorded"),
        ("cancel", "cancellation_requested", "Annulation demandée", "Cancellation requested"),
        ("book", "requested", "Demande transmise", "Request sent"),
        ("book", "accepted", "Réservation acceptée", "Booking accepted"),
    ],
)
def test_what_became_of_a_line_is_said_once(action, verdict, french, english):
    facts = {
        **FACTS[MessageKind.CONFIRMATION],
        "lines": [{**LINES[0], "action": action, "verdict": verdict}],
    }
    for language, said in (("fr", french), ("en", english)):
        assert f"· {said}\n" in rendered(MessageKind.CONFIRMATION, language, facts=facts).text


@pytest.mark.parametrize("kind", list(MessageKind))
def test_a_mail_is_set_as_its_language_is(kind):
    """No colon after a space in English; in French none after one that breaks, and no straight apostrophe."""
    for language in LANGUAGES:
        mail = rendered(kind, language)
        lines = f"{mail.subject}\n{mail.text}"
        assert not re.search(r" [:;!?»]|« |'", lines)
        assert language == "fr" or not re.search(r"\s[:;!?]", lines)


def test_the_spaces_of_an_amount_and_of_quotes_do_not_break():
    assert "1\u202f234,50\xa0€" in rendered(MessageKind.RECEIPT).text
    assert "«\xa0Restauration\xa0»" in rendered(MessageKind.PROMOTION).text
