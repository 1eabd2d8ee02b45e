"""Between model and documents: written out by hand, so that each stored field is a decision."""

from billing.store.documents.configuration import (
    Document,
    office_document,
    office_from,
    tariff_from,
    wallet_from,
)
from billing.store.documents.credits import charge_document, charge_from, note_document, note_from
from billing.store.documents.payments import payment_document, payment_from
from billing.store.documents.quotes import quote_document, quote_from
from billing.store.documents.settlements import settlement_document, settlement_from

__all__ = [
    "Document",
    "charge_document",
    "charge_from",
    "note_document",
    "note_from",
    "office_document",
    "office_from",
    "payment_document",
    "payment_from",
    "quote_document",
    "quote_from",
    "settlement_document",
    "settlement_from",
    "tariff_from",
    "wallet_from",
]
