"""Payments as the lines of their history, and one as its receipt."""

from collections.abc import Iterable
from typing import Final

from billing.payments.model import Method, Payment
from billing.payments.rules import allocated
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
        "orders": "Pour plusieurs commandes",
        "credited": "Gardé en avoir",
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
        "orders": "For several orders",
        "credited": "Kept as a credit note",
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
        *_shares(payment, language),
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


def _shares(payment: Payment, language: str) -> tuple[tuple[str, str], ...]:
    """Return what of a payment for several orders went to each, and into a credit note."""
    if len(payment.allocations) < 2:  # noqa: PLR2004 - several
        return ()
    shares = [typography.money(abs(each.amount_cents), language) for each in payment.allocations]
    over = abs(payment.amount_cents - allocated(payment))
    credited = (("credited", typography.money(over, language)),) if over else ()
    return (("orders", typography.listed(shares, language)), *credited)
