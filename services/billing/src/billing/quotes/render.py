"""Quotes as replies, and what is refused where a line has no price."""

from collections.abc import Sequence

from billing.quotes.model import NoPrice, Quote
from billing.vocabulary import Reply
from chassis.values.errors import FieldError, Refused
from chassis.values.instants import to_text


def quote(kept: Quote) -> Reply:
    """Return a quote as booking reads it."""
    return {
        "quote_id": kept.id,
        "expires_at": to_text(kept.expires_at),
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


def no_price(missing: Sequence[NoPrice]) -> Refused:
    """Return the refusal that names every line without a price, by the code of the first."""
    first = missing[0]
    what = "tariff" if first.code == "no_tariff" else f"wallet for {first.activity_group}"
    sentence = f"line {first.line}: activity {first.activity_id} has no {what} on {first.day.isoformat()}"
    places = [
        FieldError(pointer=f"/bookings/{each.line}", messages=[each.code, each.day.isoformat()])
        for each in missing
    ]
    return Refused(first.code, sentence, errors=places)
