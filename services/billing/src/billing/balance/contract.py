"""The balance page."""

from dataclasses import dataclass
from datetime import date

from marshmallow import Schema, fields

from billing.credit_notes.contract import FreeCredit
from billing.wallets.model import Mode
from chassis.values.fields import cents, identifier, name_of, text
from chassis.values.requests import RequestSchema


@dataclass(frozen=True, slots=True)
class ListWallets:
    """What the balance page is to count; see `ListWalletsRequest`."""

    until_on: date | None = None
    pending: bool = False


class ListWalletsRequest(RequestSchema):
    """Costs are counted up to `until_on`, by default 31 days ahead; `pending` adds what waits to be paid."""

    into = ListWallets

    until_on = fields.Date(allow_none=True)
    pending = fields.Boolean()


class Wallet(Schema):
    """One wallet: what is there, what the days to come will cost, what will be left."""

    wallet_id = identifier()
    name = text()
    cash_office_id = identifier()
    cash_office_name = text()
    mode = name_of(Mode)
    balance_cents = cents()
    estimated_cost_cents = cents()
    estimated_balance_cents = cents()


class WalletList(Schema):
    """The balance page with its totals."""

    data = fields.List(fields.Nested(Wallet), required=True)
    amount_due_cents = cents()
    bookings_cents = cents()
    estimated_balance_cents = cents()
    credits = fields.List(fields.Nested(FreeCredit), required=True)
