"""Payments as the lines of their history, and one as its receipt."""

from collections.abc import Iterable
from typing import Final

from billing.payments.model import Method, Payment
from billing.vocabulary import Reply
from chassis.printing.document import Cell, Document, Facts, Letterhead, Paragraph
from chassis.values import typography
from chassis.values.instants import to_text

WORDS: Final = {
    "fr": {
        "title": "Reçu de paiement",
        "undoing": "Paiement annulé",
        "number": "Reçu",
        "amount": "Montant reçu",
        "given_back": "Montant rendu",
        "paid_at": "Payé le",
        "method": "Moyen de paiement",
        "reference": "Référence",
        "payer": "Payé par",
        "family": "Famille",
        "office": "Encaissé par",
        "kept": "Ce reçu est la preuve de votre paiement : conservez-le.",
        Method.ONLINE: "Carte, en ligne",
        Method.CASH: "Espèces",
        Method.CHEQUE: "Chèque",
        Method.CARD: "Carte, au guichet",
        Method.CESU: "CESU",
    },
    "en": {
        "title": "Receipt",
        "undoing": "Payment undone",
        "number": "Receipt",
        "amount": "Amount received",
        "given_back": "Amount given back",
        "paid_at": "Paid on",
        "method": "Means of payment",
        "reference": "Reference",
        "payer": "Paid by",
        "family": "Family",
        "office": "Received by",
        "kept": "This receipt is the proof of your payment: keep it.",
        Method.ONLINE: "Card, online",
        Method.CASH: "Cash",
        Method.CHEQUE: "Cheque",
        Method.CARD: "Card, at a desk",
        Method.CESU: "CESU voucher",
    },
}


def payments(received: Iterable[Payment]) -> Reply:
    """Return the history of payments."""
    return {
        "data": [
            {
                "id": payment.id,
                "paid_at": to_text(payment.received_at),
                "method": payment.method.value,
                "reference": payment.reference,
                "payer": payment.payer,
                "amount_cents": payment.amount_cents,
                "receipt_number": payment.receipt_number,
                "cash_office_name": payment.office.name,
            }
            for payment in received
        ]
    }


def receipt(payment: Payment, family: str, head: Letterhead, zone: str, language: str) -> Document:
    """Return the receipt of a payment; that of a counter-payment says that money was given back."""
    words, undoes = WORDS[language], payment.undoes is not None
    amount = typography.money(abs(payment.amount_cents), language)
    told = (
        ("number", payment.receipt_number),
        ("given_back" if undoes else "amount", amount),
        ("paid_at", typography.moment(to_text(payment.received_at), zone, language)),
        ("method", words[payment.method]),
        ("reference", payment.reference or ""),
        ("payer", payment.payer),
        ("family", family),
        ("office", payment.office.name),
    )
    rows = tuple((words[name], Cell(value)) for name, value in told if value)
    kept = Paragraph(typography.typeset(words["kept"], language))
    return Document(
        title=words["undoing" if undoes else "title"],
        language=language,
        letterhead=head,
        at=payment.received_at,
        blocks=(Facts(rows), kept),
        foot=f"{head.name}, {payment.receipt_number}",
    )
