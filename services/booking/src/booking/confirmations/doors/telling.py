"""What the event of an answer says: it is made of its confirmation when it is sent, and not kept twice."""

from dataclasses import replace

from booking.confirmations import render
from booking.confirmations.model import Confirmation
from booking.confirmations.store import MAPPER
from chassis.storage.documents import Document
from chassis.storage.mongo import Db
from chassis.storage.outbox.sources import DocumentEvents


def complete(_database: Db, batch: list[DocumentEvents]) -> list[DocumentEvents]:
    """Put beside an answer's entry what it says; what was asked and answered never changes any more."""
    return [replace(found, entries=[_told(found.document, one) for one in found.entries]) for found in batch]


def _told(document: Document, entry: Document) -> Document:
    if "data" in entry:  # as the release before writes it
        return entry
    return {**entry, "data": render.answer(MAPPER.from_document(Confirmation, document))}
