"""From model to wire: the answers of the doors as plain JSON values."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from billing.model import (
    AskedLine,
    CreditNote,
    Part,
    PartState,
    Payment,
    Quote,
    Settlement,
    WalletLine,
    WalletTotals,
)
from billing.model.quotes import ChargingMode

Reply = dict[str, Any]


def instant(moment: datetime) -> str:
    """Write an instant: UTC, milliseconds, `Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def asked_lines(bookings: Iterable[dict[str, Any]]) -> list[AskedLine]:
    """Read the bookings of a loaded quote request."""
    return [AskedLine(**each | {"charging_mode": ChargingMode(each["charging_mode"])}) for each in bookings]


def quote(kept: Quote) -> Reply:
    """Answer with a quote."""
    return {
        "quote_id": kept.id,
        "expires_at": instant(kept.expires_at),
        "lines": [
            {
                "line": line.line,
                "price_cents": line.price_cents,
                "cash_office_id": line.office.id if line.office else None,
                "wallet_id": line.wallet_id,
                "trace": list(line.trace),
            }
            for line in kept.lines
        ],
        "credits": [
            {"line": credit.line, "booking_id": credit.booking_id, "amount_cents": credit.amount_cents}
            for credit in kept.credits
        ],
        "offices": [
            {
                "cash_office_id": total.office.id,
                "name": total.office.name,
                "bookings_cents": total.bookings_cents,
                "cancellations_cents": total.cancellations_cents,
                "credits_used_cents": total.credits_used_cents,
                "amount_due_cents": total.amount_due_cents,
            }
            for total in kept.totals
        ],
    }


def started(payment: Payment) -> Reply:
    """Answer where to pay."""
    return {
        "payment": {
            "id": payment.id,
            "state": payment.state.value,
            "page_url": payment.page_url,
            "amount_cents": payment.amount_cents,
            "expires_at": instant(payment.expires_at),
        }
    }


def payment_reply(payment: Payment) -> Reply:
    """Answer where a payment stands."""
    return {
        "payment": {
            "id": payment.id,
            "settlement_id": payment.settlement_id,
            "cash_office_id": payment.office.id,
            "amount_cents": payment.amount_cents,
            "state": payment.state.value,
            "receipt_number": payment.receipt_number,
            "authorisation": payment.authorisation,
            "paid_at": instant(payment.paid_at) if payment.paid_at else None,
        }
    }


def payments(paid: Iterable[Payment]) -> Reply:
    """Answer with the history of payments."""
    return {
        "data": [
            {
                "id": payment.id,
                "paid_at": instant(payment.paid_at or payment.started_at),
                "method": "online",
                "reference": payment.authorisation,
                "payer": payment.payer,
                "amount_cents": payment.amount_cents,
                "receipt_number": payment.receipt_number,
                "cash_office_name": payment.office.name,
            }
            for payment in paid
        ]
    }


def wallets(lines: Sequence[WalletLine], totals: WalletTotals, notes: Iterable[CreditNote]) -> Reply:
    """Answer with the balance page."""
    return {
        "data": [
            {
                "wallet_id": line.wallet.id,
                "name": line.wallet.name,
                "cash_office_id": line.wallet.office.id,
                "cash_office_name": line.wallet.office.name,
                "mode": line.wallet.mode.value,
                "balance_cents": line.balance_cents,
                "estimated_cost_cents": line.estimated_cost_cents,
                "estimated_balance_cents": line.estimated_balance_cents,
            }
            for line in lines
        ],
        "amount_due_cents": totals.amount_due_cents,
        "bookings_cents": totals.bookings_cents,
        "estimated_balance_cents": totals.estimated_balance_cents,
        "credits": [_free_credit(note) for note in notes],
    }


def credit_notes(notes: Iterable[CreditNote]) -> Reply:
    """Answer with the history of credit notes."""
    return {
        "data": [
            _free_credit(note)
            | {
                "cash_office_name": note.office.name,
                "reason": note.reason.value,
                "booking_id": note.booking_id,
            }
            for note in notes
        ]
    }


def settlements_due(due: Iterable[Settlement], now: datetime) -> Reply:
    """Answer with what waits to be paid."""
    return {"data": [_due(settlement, payable_parts(settlement, now)) for settlement in due]}


def payable_parts(settlement: Settlement, now: datetime) -> list[Part]:
    """Pick the parts that can be paid now."""
    return [part for part in settlement.parts if part.state is PartState.DUE and part.held_until > now]


def _due(settlement: Settlement, parts: Sequence[Part]) -> Reply:
    return {
        "settlement_id": settlement.id,
        "amount_due_cents": sum(part.amount_due_cents for part in parts),
        "held_until": instant(min(part.held_until for part in parts)),
        "offices": [
            {
                "cash_office_id": part.office.id,
                "name": part.office.name,
                "bookings_cents": part.bookings_cents,
                "credits_used_cents": part.credits_used_cents,
                "amount_due_cents": part.amount_due_cents,
            }
            for part in parts
        ],
    }


def _free_credit(note: CreditNote) -> Reply:
    return {
        "id": note.id,
        "number": note.number,
        "amount_cents": note.amount_cents,
        "left_cents": note.left_cents,
        "cash_office_id": note.office.id,
        "issued_at": instant(note.issued_at),
    }
