"""Quotes as documents."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from billing.model import CashOffice, ChargingMode, Credit, OfficeTotal, Quote, QuoteLine
from billing.store.documents.configuration import Document, office_document, office_from


def quote_document(quote: Quote) -> Document:
    """Write a quote without its key."""
    return {
        "id": quote.id,
        "family_id": quote.family_id,
        "made_at": quote.made_at,
        "expires_at": quote.expires_at,
        "lines": [_quote_line_document(line) for line in quote.lines],
        "credits": [
            {
                "line": credit.line,
                "booking_id": credit.booking_id,
                "amount_cents": credit.amount_cents,
                "office": office_document(credit.office) if credit.office else None,
            }
            for credit in quote.credits
        ],
        "totals": [
            {
                "office": office_document(total.office),
                "bookings_cents": total.bookings_cents,
                "cancellations_cents": total.cancellations_cents,
                "credits_used_cents": total.credits_used_cents,
                "amount_due_cents": total.amount_due_cents,
            }
            for total in quote.totals
        ],
    }


def quote_from(found: Mapping[str, Any]) -> Quote:
    """Read a quote."""
    return Quote(
        id=found["id"],
        family_id=found["family_id"],
        made_at=found["made_at"],
        expires_at=found["expires_at"],
        lines=tuple(_quote_line_from(line) for line in found["lines"]),
        credits=tuple(
            Credit(each["line"], each["booking_id"], each["amount_cents"], _office_or_none(each["office"]))
            for each in found["credits"]
        ),
        totals=tuple(
            OfficeTotal(
                office_from(each["office"]),
                each["bookings_cents"],
                each["cancellations_cents"],
                each["credits_used_cents"],
                each["amount_due_cents"],
            )
            for each in found["totals"]
        ),
    )


def _quote_line_document(line: QuoteLine) -> Document:
    return {
        "line": line.line,
        "booking_id": line.booking_id,
        "activity_id": line.activity_id,
        "day": line.day.isoformat(),
        "charging_mode": line.charging_mode.value,
        "price_cents": line.price_cents,
        "office": office_document(line.office) if line.office else None,
        "wallet_id": line.wallet_id,
        "trace": list(line.trace),
        "charged": line.charged,
    }


def _quote_line_from(found: Mapping[str, Any]) -> QuoteLine:
    return QuoteLine(
        line=found["line"],
        booking_id=found["booking_id"],
        activity_id=found["activity_id"],
        day=date.fromisoformat(found["day"]),
        charging_mode=ChargingMode(found["charging_mode"]),
        price_cents=found["price_cents"],
        office=_office_or_none(found["office"]),
        wallet_id=found["wallet_id"],
        trace=tuple(found["trace"]),
        charged=found["charged"],
    )


def _office_or_none(found: Mapping[str, Any] | None) -> CashOffice | None:
    return office_from(found) if found else None
