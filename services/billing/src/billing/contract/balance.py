"""The balance page, credit notes, and what waits to be paid."""

from marshmallow import Schema, fields

from billing.contract.fields import CREDIT_REASONS, WALLET_MODES, cents, identifier, instant, name_of, text
from billing.contract.settling import OfficeDue


class ListWalletsRequest(Schema):
    """Costs are counted up to `until_on` (default.

    31 days ahead); `pending` adds what still waits to be paid.
    """

    until_on = fields.Date(load_default=None, allow_none=True)
    pending = fields.Boolean(load_default=False)


class Wallet(Schema):
    """One wallet: what is there, what the days to come will cost, what will be left."""

    wallet_id = identifier()
    name = text()
    cash_office_id = identifier()
    cash_office_name = text()
    mode = name_of(WALLET_MODES)
    balance_cents = cents()
    estimated_cost_cents = cents()
    estimated_balance_cents = cents()


class FreeCredit(Schema):
    """An avoir of which something is left."""

    id = identifier()
    number = text(longest=60)
    amount_cents = cents()
    left_cents = cents()
    cash_office_id = identifier()
    issued_at = instant()


class WalletList(Schema):
    """The balance page with its totals."""

    data = fields.List(fields.Nested(Wallet), required=True)
    amount_due_cents = cents()
    bookings_cents = cents()
    estimated_balance_cents = cents()
    credits = fields.List(fields.Nested(FreeCredit), required=True)


class CreditNote(FreeCredit):
    """A credit note of the history, used up or not."""

    cash_office_name = text()
    reason = name_of(CREDIT_REASONS)
    booking_id = identifier(allow_none=True)


class CreditNoteList(Schema):
    """Credit notes, the latest first."""

    data = fields.List(fields.Nested(CreditNote), required=True)


class SettlementDue(Schema):
    """An order that waits to be paid."""

    settlement_id = identifier()
    amount_due_cents = cents()
    held_until = instant()
    offices = fields.List(fields.Nested(OfficeDue), required=True)


class SettlementDueList(Schema):
    """Orders that wait to be paid, the most urgent first."""

    data = fields.List(fields.Nested(SettlementDue), required=True)
