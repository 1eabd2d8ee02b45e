"""Credit notes as families see them, and the event that tells of a new one."""

from dataclasses import dataclass

from marshmallow import Schema, fields

from billing.credit_notes.model import CreditReason
from chassis.printing.contract import LANGUAGES
from chassis.storage.outbox import EventType
from chassis.values.fields import cents, identifier, instant, name_of, text
from chassis.values.requests import RequestSchema


class FreeCredit(Schema):
    """A credit note of which something is left."""

    id = identifier()
    number = text(longest=60)
    amount_cents = cents()
    left_cents = cents()
    cash_office_id = identifier()
    issued_at = instant()


class CreditNote(FreeCredit):
    """A credit note of the history, used up or not."""

    cash_office_name = text()
    reason = name_of(CreditReason)
    booking_id = identifier(allow_none=True)


class CreditNoteList(Schema):
    """Credit notes, the latest first."""

    data = fields.List(fields.Nested(CreditNote), required=True)


@dataclass(frozen=True, slots=True)
class PrintCreditNote:
    """Which credit note, and in which language."""

    credit_note_id: str
    language: str


class PrintCreditNoteRequest(RequestSchema):
    """The id of the credit note, and the language of who reads its document."""

    into = PrintCreditNote

    credit_note_id = identifier()
    language = name_of(LANGUAGES)


class CreditNoteIssued(Schema):
    """A family has one more credit note. Aggregate: the credit note."""

    credit_note_id = identifier()
    number = text(longest=60)
    family_id = identifier()
    amount_cents = cents()
    booking_id = identifier(allow_none=True)
    reason = name_of(CreditReason)
    cash_office_name = text()


EVENTS = {"credit_note_issued": EventType(schema=CreditNoteIssued(), subscribers=("notify",))}
