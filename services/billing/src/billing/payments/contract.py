"""The history of payments."""

from dataclasses import dataclass

from marshmallow import Schema, fields

from chassis.printing.contract import LANGUAGES
from chassis.values.fields import cents, identifier, instant, name_of, text
from chassis.values.requests import RequestSchema


class ListedPayment(Schema):
    """A line of the history of payments."""

    id = identifier()
    paid_at = instant()
    method = text(longest=20)
    reference = text(allow_none=True, longest=60)
    payer = text()
    amount_cents = cents()
    receipt_number = text(longest=60)
    cash_office_name = text()


class PaymentList(Schema):
    """Payments that came in, the latest first."""

    data = fields.List(fields.Nested(ListedPayment), required=True)


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """Which payment, and in which language."""

    payment_id: str
    language: str


class PrintReceiptRequest(RequestSchema):
    """The id of the payment, and the language of who reads its document."""

    into = PrintReceipt

    payment_id = identifier()
    language = name_of(LANGUAGES)
