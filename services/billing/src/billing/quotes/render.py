"""Quotes as replies, and the lines of a request as what is priced."""

from collections.abc import Iterable
from typing import Any

from billing.quotes.model import AskedLine, Quote
from billing.vocabulary import ChargingMode, Reply, instant


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
