"""Balances, credit notes, and what waits to be paid."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from gateway import clients, errors, session
from gateway.api.family.confirmations import Office
from gateway.api.fields import Amount, Asked, Day, Id, Instant, ListOf, Str, each
from gateway.api.names import CREDIT_REASONS, WALLET_MODES
from gateway.api.operation import Resource
from gateway.clients import billing
from gateway.clients.asking import Printed

blueprint = Resource("wallets", __name__, description="Balances and credit notes")


@dataclass(frozen=True, slots=True)
class WalletQuery:
    """How the balances are estimated."""

    until: str | None = None
    pending: bool | None = None


class WalletQuerySchema(Asked):
    """Up to which day future bookings are estimated, and whether bookings that are not sure yet count."""

    into = WalletQuery

    until = Day(required=False)
    pending = fields.Boolean(load_default=None, truthy={"true", "1"}, falsy={"false", "0"})


class Wallet(Schema):
    """The account of a family for a group of activities at one cash office."""

    wallet_id = Id()
    name = Str()
    cash_office_id = Id()
    cash_office_name = Str()
    mode = Str(validate=validate.OneOf(WALLET_MODES))
    balance = Amount()
    estimated_cost = Amount()
    estimated_balance = Amount()


class Credit(Schema):
    """A credit note of which something is left."""

    id = Id()
    number = Str()
    amount = Amount()
    left = Amount()
    cash_office_id = Id()
    issued_at = Instant()


class Wallets(Schema):
    """All wallets, and their totals."""

    data = each(Wallet)
    amount_due = Amount()
    bookings = Amount()
    estimated_balance = Amount()
    credits = each(Credit)


class CreditNote(Schema):
    """A credit note, used up or not: what was paid and is owed back."""

    id = Id()
    number = Str()
    amount = Amount()
    left = Amount()
    cash_office_id = Id()
    cash_office_name = Str()
    issued_at = Instant()
    reason = Str(validate=validate.OneOf(CREDIT_REASONS))
    booking_id = Id(allow_none=True)


class CreditNotes(Schema):
    """All credit notes of the family."""

    data = each(CreditNote)


class SettlementDue(Schema):
    """A confirmation, or a promoted booking, that waits to be paid."""

    settlement_id = Id()
    amount_due = Amount()
    held_until = Instant()
    offices = each(Office)
    being_checked = ListOf(
        Id(),
        metadata={
            "description": "cash offices that check an earlier payment: nothing can be paid there meanwhile"
        },
    )


class SettlementsDue(Schema):
    """Everything that waits to be paid."""

    data = each(SettlementDue)


@blueprint.operation("GET", "/wallets", policy="family", query=WalletQuerySchema, returns=Wallets)
def list_wallets(query: WalletQuery) -> billing.Wallets:
    """Show the balance of each wallet, now and as estimated."""
    return clients.current().billing.list_wallets(session.context(), query.until, pending=query.pending)


@blueprint.operation("GET", "/credit-notes", policy="family", returns=CreditNotes)
def list_credit_notes() -> dict[str, tuple[billing.CreditNote, ...]]:
    """List the family's credit notes."""
    return {"data": clients.current().billing.list_credit_notes(session.context())}


@blueprint.operation("GET", "/credit-notes/<id:credit_note_id>/document.pdf", policy="family", prints=True)
def print_credit_note(credit_note_id: str) -> Printed:
    """Return a credit note as PDF, in the language that the caller accepts."""
    return clients.current().billing.print_credit_note(session.context(), credit_note_id, errors.language())


@blueprint.operation("GET", "/settlements/due", policy="family", returns=SettlementsDue)
def list_settlements_due() -> dict[str, tuple[billing.SettlementDue, ...]]:
    """List what waits to be paid."""
    return {"data": clients.current().billing.list_settlements_due(session.context())}
