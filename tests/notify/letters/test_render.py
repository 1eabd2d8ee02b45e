"""What a mail says: its words, its amounts and hours, and what of it is a family's own text."""

import html
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from notify.letters.model import Letter, Writer
from notify.letters.render import LANGUAGES, preview, render
from notify.news.model import Digest
from notify.vocabulary import Contact, Desk, MessageKind, Organisation

TOWN = Organisation("o1", "Mairie de Carteville", "carteville", "Europe/Paris")
NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
DAY = {
    "child_name": "Solène",
    "activity_name": "Restauration",
    "centre_name": "Tilleuls",
    "day": date(2026, 11, 16),
    "arrives_at": "11:45",
    "leaves_at": "13:30",
    "charging_mode": "prepaid",
    "cost_cents": 376,
}
HELD_UNTIL = datetime(2026, 11, 9, 8, 25, tzinfo=UTC)
LINES = [
    {**DAY, "action": "book", "verdict": "held", "reason": None, "rank": None},
    {**DAY, "action": "book", "verdict": "waitlisted", "reason": None, "rank": 3},
    {**DAY, "action": "cancel", "verdict": "refused", "reason": "past_deadline", "rank": None},
]
PAYMENT = {
    "state": "due",
    "amount_due_cents": 1260,
    "held_until": HELD_UNTIL,
    "offices": [],
    "credit_notes": [],
}
CONFIRMATION = {"confirmation_id": "c1", "lines": LINES, "payment": PAYMENT}
LETTERS = dict(preview.letters())
OF_KIND = {letter.kind: letter for letter in LETTERS.values()} | {
    MessageKind.CONFIRMATION: Letter(MessageKind.CONFIRMATION, "f1", "k1", CONFIRMATION)
}


def rendered(kind, language="fr", name="Côme", facts=None, town=TOWN):
    letter = replace(OF_KIND[kind], facts={**OF_KIND[kind].facts, **(facts or {})})
    contact = Contact(name, "come@carteville.example")
    return render(letter, Writer(town, "https://portail.example", NOW), contact, language)


def plain(text):
    return text.replace("\u202f", " ").replace("\xa0", " ").replace("\u2019", "'")


def sample(name, language="fr"):
    [mail] = [each.mail for each in preview.samples() if each.name == f"{name}.{language}"]
    return plain(f"{mail.subject}\n{mail.text}")


@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_exists_in_every_language_as_text_and_html(kind, language):
    mail = rendered(kind, language)
    assert mail.subject.startswith("Mairie de Carteville" + {"fr": "\xa0: ", "en": ": "}[language])
    assert "\n" not in mail.subject
    assert f'lang="{language}"' in mail.html
    assert "https://portail.example/" in mail.text


def test_a_receipt_of_money_that_nobody_needed_any_more_does_not_speak_of_bookings():
    assert "Il valide vos réservations" in rendered(MessageKind.RECEIPT, facts={"bookings": [{}]}).text
    text = rendered(MessageKind.RECEIPT, facts={"bookings": []}).text
    assert "devient un avoir" in text
    assert "valide" not in text


def test_a_receipt_says_number_amount_and_hour_as_the_french_write_them():
    paid = {
        "receipt_number": "2026-000042",
        "amount_cents": 123450,
        "paid_at": HELD_UNTIL,
        "credits_used_cents": 300,
    }
    mail = rendered(MessageKind.RECEIPT, facts=paid)
    assert "Ticket de paiement n°\xa02026-000042" in mail.subject
    assert "1\u202f234,50\xa0€" in mail.text
    assert "le 09/11/2026 à 9\xa0h\xa025" in mail.text
    assert "Avoirs utilisés : \u22123,00 €" in plain(mail.text)


def test_an_outcome_lists_every_line_with_its_remark_and_links_to_the_payment():
    mail = rendered(MessageKind.CONFIRMATION)
    text = plain(mail.text)
    assert "* lundi 16 novembre, Restauration, 11 h 45 \u2013 13 h 30\n  À payer, 3,76 €" in text
    assert "Liste d'attente, rang 3, rien à payer" in text
    assert "Annulation refusée : hors délai" in text
    assert "https://portail.example/pay/c1" in text
    assert mail.html.count("<h2") == 1


def test_days_with_one_outcome_stand_together_with_the_sum_of_their_prices():
    text = sample("confirmation-to-pay")
    assert "Octave Valbonne (demande n° 2026-000214)" in text
    assert "* 8, 14 et 15 décembre, Cantine, 11 h 45 \u2013 13 h 30\n  À payer, 11,28 €" in text
    assert "Annulation enregistrée, avoir de 7,52 €" in text
    assert "Avoirs : n° A-ENFANCE-2026-000005 de 3,76 € et n° A-ENFANCE-2026-000006 de 3,76 €." in text
    assert "Réservé, 3,60 € facturés en fin de mois" in text
    assert "Refusé : complet" in text


def test_the_sums_of_an_outcome_can_be_added_by_hand():
    text = sample("confirmation-to-pay")
    assert (
        "Réservations payées d'avance : 28,70 €\nAvoirs utilisés : \u22127,52 €\nReste à payer : 21,18 €"
        in text
    )


def test_a_cancellation_is_recorded_and_names_its_avoir():
    text = sample("confirmation-cancelled")
    assert "1 annulation enregistrée" in text.splitlines()[0]
    assert "\nAnnulation enregistrée\n" in text
    assert "Avoir : n° A-ENFANCE-2026-000007 de 3,76 €." in text
    assert "annulée" not in text
    assert "réglé" not in text


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("confirmation-to-pay", "Vos places sont gardées, il reste à payer"),
        ("confirmation-paid-by-avoirs", "Votre réservation est enregistrée"),
        ("confirmation-cancelled-without-avoir", "Annulations enregistrées"),
        ("confirmation-booked", "Vos réservations sont enregistrées"),
        ("confirmation-asked", "Vos demandes sont transmises"),
        ("confirmation-waiting", "Vous êtes sur liste d'attente"),
        ("confirmation-refused", "Vos demandes sont refusées"),
    ],
)
def test_an_outcome_is_headed_by_what_it_is(name, heading):
    assert f"\n{heading}\n" in sample(name)


def test_who_waits_for_an_amount_is_told_what_comes():
    assert "L'avoir qui vous revient est en cours de calcul" in sample("confirmation-avoir-to-come")
    assert "un lien de paiement apparaîtra" in sample("confirmation-amount-to-come")


def test_a_month_of_next_year_has_its_year():
    assert "* 30 décembre, 6 janvier 2027, Piscine" in sample("confirmation-booked")


def test_a_mail_has_the_head_of_its_town_and_says_where_to_find_a_person():
    desk = Desk("Service enfance", "12 place du Marché", "05 00 00 01 50", "le lundi")
    town = replace(TOWN, colour="#155840", help_desk=desk)
    mail = rendered(MessageKind.PROMOTION, town=town)
    assert mail.html.count("#155840") == 2
    assert mail.text.startswith("Mairie de Carteville\nService enfance\n")
    assert "Service enfance, 12 place du Marché\n05 00 00 01 50, le lundi\n" in mail.text
    assert "#0b3c5d" in rendered(MessageKind.PROMOTION).html


def test_what_a_family_wrote_is_text_in_the_html_of_its_mails():
    facts = {"child_name": "<b>x</b>"}
    mail = rendered(MessageKind.PROMOTION, name="<script>alert(1)</script>", facts=facts)
    assert "<script" not in mail.html
    assert "<b>x" not in mail.html


def test_an_unknown_language_is_written_in_french():
    assert rendered(MessageKind.PROMOTION, "eo").subject == rendered(MessageKind.PROMOTION, "fr").subject


@pytest.mark.parametrize(("language", "words"), [("fr", "Nous avons vérifié"), ("en", "We have checked")])
def test_the_receipt_of_a_payment_that_was_checked_says_so(language, words):
    facts = {"bookings": [], "checked": True}
    assert words in rendered(MessageKind.RECEIPT, language, facts=facts).text
    assert words not in rendered(MessageKind.RECEIPT, language, facts={"checked": False}).text


def until(held_until, language, kind=MessageKind.PAYMENT_ASKED):
    return rendered(kind, language, facts={"held_until": held_until}).text


def test_an_instant_is_worded_as_on_the_pages():
    midnight = datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert "avant le lundi 30 novembre à minuit." in until(midnight, "fr")
    assert "before Monday 30 November at midnight." in until(midnight, "en")
    assert "avant le mardi 1er décembre à 9\xa0h\xa030." in until(
        datetime(2026, 12, 1, 8, 30, tzinfo=UTC), "fr"
    )


def test_a_mail_has_one_order_of_dates():
    facts = {"lines": [{**LINES[0], "day": date(2026, 12, 1)}]}
    assert "* Tuesday 1 December, " in rendered(MessageKind.CONFIRMATION, "en", facts=facts).text
    assert "* mardi 1er décembre, " in rendered(MessageKind.CONFIRMATION, "fr", facts=facts).text


@pytest.mark.parametrize(
    ("action", "verdict", "french", "english"),
    [
        ("cancel", "cancelled", "Annulation enregistrée", "Cancellation recorded"),
        ("cancel", "cancellation_requested", "Annulation demandée", "Cancellation requested"),
        ("book", "requested", "Demande transmise", "Request sent"),
        ("book", "accepted", "Réservé", "Booked"),
    ],
)
def test_what_became_of_a_line_is_said_in_words(action, verdict, french, english):
    facts = {"lines": [{**LINES[0], "action": action, "verdict": verdict}]}
    for language, said in (("fr", french), ("en", english)):
        assert f"\n  {said}" in rendered(MessageKind.CONFIRMATION, language, facts=facts).text


@pytest.mark.parametrize("each", list(preview.samples()), ids=lambda each: each.name)
def test_a_mail_is_set_as_its_language_is(each):
    """No brace is left, no colon after a space in English, in French none after one that breaks."""
    lines = f"{each.mail.subject}\n{each.mail.text}"
    shown = html.unescape(re.sub(r"<[^>]*>", "", each.mail.html)).replace("\n", " ")
    for text in (lines, shown):
        assert not re.search(r"\{|\}|\bNone\b|\*\*", text)
        assert not re.search(r" [:;!?»]|« |'|&#39;", text)
        assert each.language == "fr" or not re.search(r"\S\s[:;!?]", text)


@pytest.mark.parametrize("each", list(preview.samples()), ids=lambda each: each.name)
def test_the_plain_text_of_a_mail_says_what_its_html_says(each):
    """Every word of the HTML's body stands in the text, in whatever order, and the other way round."""
    body = each.mail.html.partition("<body")[2]
    shown = html.unescape(re.sub(r"<[^>]*>", "\n", body.partition(">")[2]))
    words = set(re.findall(r"\w{2,}", shown))
    links = re.findall(r"https://\S+", each.mail.text)
    text = each.mail.text
    for link in links:
        assert f'href="{link}"' in each.mail.html
        text = text.replace(link, "")
    assert words == set(re.findall(r"\w{2,}", text))


def test_the_spaces_of_an_amount_and_of_quotes_do_not_break():
    assert "1\u202f234,50\xa0€" in rendered(MessageKind.RECEIPT, facts={"amount_cents": 123450}).text
    assert "«\xa0Neige\xa0»" in rendered(MessageKind.DAYS_CLOSED).text


def digest_lines(**counts):
    """The lines of a digest with these counts, as a reader counts them."""
    facts = {"digest": Digest(**counts), "credit_notes": []}
    text = plain(rendered(MessageKind.DIGEST, facts=facts).text)
    return [line for line in text.splitlines() if re.match(r" *[-*] ", line)]


def test_the_first_digest_of_the_guide():
    counts = {"received": 45, "new": 44, "cancellations": 1, "accepted": 14, "pending": 13}
    assert digest_lines(**counts, waitlisted=17, cancelled=1) == [
        "- 45 mouvements sur vos demandes de réservation ont été reçus, dont :",
        "  * 44 nouvelles demandes de réservation",
        "  * 1 demande d'annulation",
        "- 14 réservations ont été acceptées",
        "- 13 réservations sont en attente de traitement par nos services",
        "- 17 réservations ont été mises en liste d'attente",
        "- 1 réservation a été annulée",
    ]


def test_the_second_digest_of_the_guide():
    assert digest_lines(refused=6, accepted=4) == [
        "- 6 réservations ont été refusées",
        "- 4 réservations ont été acceptées",
    ]


def test_a_digest_names_the_organisation_and_says_one_thing_in_the_singular():
    text = plain(rendered(MessageKind.DIGEST, facts={"digest": Digest(1, 1, 0, accepted=1)}).text)
    assert "la structure : Mairie de Carteville." in text
    assert "- 1 mouvement sur vos demandes de réservation a été reçu, dont :" in text
    assert "  * 1 nouvelle demande de réservation" in text
    assert "- 1 réservation a été acceptée" in text


def test_what_was_refused_is_not_in_the_colour_of_what_was_granted():
    """An answer tells of both: each has its own."""
    [each] = [each.mail.html for each in preview.samples() if each.name == "answer.fr"]
    said = {words: colour for colour, words in re.findall(r"color: (#\w{6});[^>]*>([^<]+)<", each)}
    assert said["Réservé"] != said["Refusé"] == said["Annulation refusée"]
