"""Quotes: written once, read at settling, gone after a week."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from billing.copies.store import key, organisation_of
from billing.offices.model import CashOffice
from billing.offices.store import office_document, office_from
from billing.quotes.model import Credit, OfficeTotal, Quote, QuoteLine
from billing.vocabulary import ChargingMode, Document
from chassis.values.context import Context

KEPT_S = 7 * 86_400
"""A settle that failed is repeated for as long as its seats are held, which is far less."""


class Quotes:
    """Prices that were promised."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._quotes = database["quotes"]

    def keep(self, context: Context | str, quote: Quote) -> Quote:
        """Keep a quote; when its id was used before, the earlier one stands and is given back."""
        organisation_id = organisation_of(context)
        document = quote_document(quote) | {
            "_id": key(organisation_id, quote.id),
            "organisation_id": organisation_id,
        }
        try:
            self._quotes.insert_one(document)
        except DuplicateKeyError:
            return self.get(context, quote.id) or quote
        return quote

    def get(self, context: Context | str, quote_id: str) -> Quote | None:
        """Find a quote by its id, expired or not."""
        found = self._quotes.find_one({"_id": key(organisation_of(context), quote_id)})
        return quote_from(found) if found else None


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
