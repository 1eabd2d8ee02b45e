"""Receipts and credit notes as documents: what they say, in both languages, and to whom."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pypdf
import pytest

from billing.copies.doors import on_organisation_changed
from billing.copies.model import Family
from billing.credit_notes.doors import print_credit_note
from billing.credit_notes.model import CreditNote, CreditReason
from billing.credit_notes.render import printed_note
from billing.offices.model import CashOffice
from billing.payments.doors import print_receipt
from billing.payments.model import Allocation, Method, Payment
from billing.payments.render import receipt
from chassis.printing.document import Letterhead
from chassis.printing.press import Press
from chassis.values.errors import Refused
from tests.billing.house import ANA, EVE, house
from tests.billing.town import FAMILY

OFFICE = CashOffice("office-1", "ENFANCE", "Régie enfance et loisirs")
AT = datetime(2026, 11, 12, 17, 22, tzinfo=UTC)
PAYMENT = Payment("p-1", FAMILY, OFFICE, Method.ONLINE, 123_450, AT, "Ana Roy", None, (), "R-1", "417902")
NOTE = CreditNote("n-1", FAMILY, OFFICE, 376, 100, CreditReason.CANCELLED, AT, "A-ENFANCE-2026-000007", "b-1")
TOWN = Letterhead("Mairie de Carteville", "#0b3c5d", ("12 place du Marché",))
TOLD = {
    "slug": "carteville",
    "name": "Mairie de Carteville",
    "time_zone": "Europe/Paris",
    "colour": "#0b3c5d",
    "help_desk": {"name": "Service enfance", "address": "12 place du Marché", "phone": "", "hours": ""},
}
RECEIPT = {
    "fr": """Mairie de Carteville
12 place du Marché
Reçu de paiement
Reçu R-1
Montant reçu 1\u202f234,50\u00a0€
Payé le 12/11/2026 à 18\u00a0h\u00a022
Moyen de paiement Carte, en ligne
Référence 417902
Payé par Ana Roy
Famille Roy
Encaissé par Régie enfance et loisirs
Ce reçu est la preuve de votre paiement\u00a0: conservez-le.
Mairie de Carteville, R-1 Page 1 sur 1""",
    "en": """Mairie de Carteville
12 place du Marché
Receipt
Receipt R-1
Amount received €1,234.50
Paid on 12/11/2026 at 18:22
Means of payment Card, online
Reference 417902
Paid by Ana Roy
Family Roy
Received by Régie enfance et loisirs
This receipt is the proof of your payment: keep it.
Mairie de Carteville, R-1 Page 1 of 1""",
}
CREDIT_NOTE = {
    "fr": """Mairie de Carteville
12 place du Marché
Avoir
Numéro A-ENFANCE-2026-000007
Montant 3,76\u00a0€
Établi le 12/11/2026 à 18\u00a0h\u00a022
Motif Réservation payée, annulée à temps
Famille Roy
Établi par Régie enfance et loisirs
Il paie de lui-même votre prochaine réservation auprès de cette régie,
le plus ancien avoir d\u2019abord. Ce qui en reste se lit sur la page de votre solde.
Mairie de Carteville, A-ENFANCE-2026-000007 Page 1 sur 1""",
    "en": """Mairie de Carteville
12 place du Marché
Credit note
Number A-ENFANCE-2026-000007
Amount €3.76
Issued on 12/11/2026 at 18:22
Reason Paid booking, cancelled in time
Family Roy
Issued by Régie enfance et loisirs
It pays your next booking at this cash office by itself,
the oldest credit note first. What is left of it stands on the page of your balance.
Mairie de Carteville, A-ENFANCE-2026-000007 Page 1 of 1""",
}


@pytest.fixture(scope="module")
def press():
    press = Press()
    yield press
    press.close()


def words_of(text):
    """The words of a text, wherever its lines end; what stays together is one of them."""
    return re.split(r"[ \n]+", text.strip())


def text_of(pdf):
    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return page.extract_text()


@pytest.mark.parametrize("language", RECEIPT)
def test_a_receipt_says(press, language):
    made = press.make(receipt(PAYMENT, "Roy", TOWN, "Europe/Paris", language))
    assert words_of(text_of(made)) == words_of(RECEIPT[language])


@pytest.mark.parametrize("language", CREDIT_NOTE)
def test_a_credit_note_says(press, language):
    made = press.make(printed_note(NOTE, "Roy", TOWN, "Europe/Paris", language))
    assert words_of(text_of(made)) == words_of(CREDIT_NOTE[language])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("method", Method)
def test_every_means_of_payment_has_its_word(method, language):
    assert receipt(replace(PAYMENT, method=method), "Roy", TOWN, "Europe/Paris", language)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("reason", CreditReason)
def test_every_reason_has_its_words(reason, language):
    assert printed_note(replace(NOTE, reason=reason), "Roy", TOWN, "Europe/Paris", language)


def test_money_given_back_is_no_receipt_of_money_that_came():
    undoing = replace(PAYMENT, amount_cents=-700, undoes="p-0", method=Method.CASH)
    document = receipt(undoing, "Roy", TOWN, "Europe/Paris", "fr")
    assert document.title == "Paiement annulé"
    assert ("Montant rendu", "7,00\u00a0€") in [(name, cell.text) for name, cell in document.blocks[0].rows]


def test_what_is_not_known_has_no_line():
    document = receipt(replace(PAYMENT, reference=None, payer=""), "", TOWN, "Europe/Paris", "fr")
    names = {name for name, _ in document.blocks[0].rows}
    assert not names & {"Référence", "Payé par", "Famille"}


@pytest.fixture
def town():
    found = house()
    found.payments.kept["p-1"] = PAYMENT
    found.credit_notes.notes["n-1"] = NOTE
    found.copies.families[FAMILY] = Family("Roy")
    found.hear(on_organisation_changed, TOLD)
    return found


ASKED = [
    (print_receipt, {"payment_id": "p-1", "language": "fr"}, "R-1.pdf"),
    (print_credit_note, {"credit_note_id": "n-1", "language": "en"}, "A-ENFANCE-2026-000007.pdf"),
]


@pytest.mark.parametrize(("door", "request_", "name"), ASKED)
def test_a_family_gets_its_document_from_its_organisation(town, door, request_, name):
    assert town.ask(door, ANA, request_)["document"]["name"] == name
    (document,) = town.press.documents
    lines = ("Service enfance, 12 place du Marché",)
    assert document.letterhead == Letterhead("Mairie de Carteville", "#0b3c5d", lines)
    assert document.language == request_["language"]
    assert document.at == AT


@pytest.mark.parametrize(("door", "request_", "_name"), ASKED)
def test_another_family_gets_none(town, door, request_, _name):
    with pytest.raises(Refused, match="not_found"):
        town.ask(door, EVE, request_)
    assert town.press.documents == []


def test_until_identity_has_told_a_document_is_from_the_cash_office():
    found = house()
    found.payments.kept["p-1"] = PAYMENT
    found.ask(print_receipt, ANA, {"payment_id": "p-1", "language": "fr"})
    assert found.press.documents[0].letterhead == Letterhead("Régie enfance et loisirs")


@pytest.mark.parametrize(
    ("allocated", "rows"),
    [
        ((), []),
        ((123_450,), []),
        ((100_000, 23_450), [("Pour plusieurs commandes", "1\u202f000,00\u00a0€ et 234,50\u00a0€")]),
        (
            (100_000, 23_000),
            [
                ("Pour plusieurs commandes", "1\u202f000,00\u00a0€ et 230,00\u00a0€"),
                ("Gardé en avoir", "4,50\u00a0€"),
            ],
        ),
    ],
)
def test_the_receipt_of_several_orders_says_what_of_it_went_to_each(allocated, rows):
    allocations = tuple(Allocation(f"s-{place}", cents) for place, cents in enumerate(allocated))
    paid = replace(PAYMENT, allocations=allocations)
    facts, _ = receipt(paid, "Roy", TOWN, "Europe/Paris", "fr").blocks
    assert [(words, cell.text) for words, cell in facts.rows[2 : 2 + len(rows)]] == rows
    assert len(facts.rows) == 8 + len(rows)
