"""How an attempt is written, and how those of earlier releases are read.

Releases before the last knew an attempt's one part by `settlement_id`.
"""

from billing.attempts.model import PaymentAttempt
from billing.vocabulary import Document
from chassis.storage.documents import Form, Mapper

SPARSE = ("provider_reference", "page_url", "look_up_at", "looked_at", "hinted")


def _with_parts(document: Document) -> Document:
    """Return the document of an attempt at one part, as earlier releases wrote it, with its parts."""
    part = {"settlement_id": document["settlement_id"], "amount_cents": document["amount_cents"]}
    return {**document, "parts": [part]}


MAPPER = Mapper(Form(PaymentAttempt, sparse=SPARSE, version=2, upgrades={1: _with_parts}))
