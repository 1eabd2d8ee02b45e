"""How an attempt is written, and how those of earlier releases are read.

Releases before the last knew an attempt's one part by `settlement_id`.
"""

from billing.attempts.model import AttemptState, PaymentAttempt, Quarantine
from billing.vocabulary import Document
from chassis.storage.documents import Form, Mapper

SPARSE = ("provider_reference", "page_url", "look_up_at", "looked_at", "hinted", "quarantine")

OPEN_QUARANTINE: Document = {"state": AttemptState.QUARANTINED.value, "quarantine.resolution": None}
"""What finds the attempts that a cashier has yet to look into."""


def _with_parts(document: Document) -> Document:
    """Return the document of an attempt at one part, as earlier releases wrote it, with its parts."""
    part = {"settlement_id": document["settlement_id"], "amount_cents": document["amount_cents"]}
    return {**document, "parts": [part]}


MAPPER = Mapper(
    Form(Quarantine, sparse=True),
    Form(PaymentAttempt, sparse=SPARSE, version=2, upgrades={1: _with_parts}),
)
