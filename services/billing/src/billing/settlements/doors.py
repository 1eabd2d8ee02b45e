"""Making an order out of what booking asks: prices for lines, and the quote's prices for held seats."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from billing.commands.store import Store
from billing.ports.booking import BookingFact
from billing.quotes.model import AskedLine, NoPrice, Quote, QuoteLine
from billing.quotes.rules import price_line
from billing.settlements.model import Cancelled, HeldLine, Order, Promotion
from billing.settlements.store import credit_note_id_of
from billing.vocabulary import ChargingMode
from chassis.values.context import Context
from chassis.values.errors import FieldError, Refused

Request = dict[str, Any]


def family_of(context: Context, request: Request) -> str:
    """Give the family that a call is about: the one it names (services only), else the context's."""
    family_id = request.get("family_id") or context.family_id
    if not family_id:
        raise Refused("forbidden", "the context names no family")
    return str(family_id)


def priced(store: Store, context: Context, asked: Sequence[AskedLine]) -> list[QuoteLine]:
    """Price lines, or refuse naming every line that has no price (no_tariff, no_wallet)."""
    if not asked:
        return []
    tariffs = store.configuration.tariffs(context, (line.activity_id for line in asked))
    wallets = store.configuration.wallets(context, (line.activity_group for line in asked))
    lines = [price_line(line, tariffs, wallets) for line in asked]
    missing = [line for line in lines if isinstance(line, NoPrice)]
    if missing:
        raise Refused(missing[0].code, _sentence(missing[0]), errors=[_place(line) for line in missing])
    return [line for line in lines if isinstance(line, QuoteLine)]


def order_of(store: Store, context: Context, request: Request) -> Order:
    """Make the order of a settle request, at the prices of its quote. Refused: not_found, conflict."""
    family_id = family_of(context, request)
    prices = _quoted(store, context, family_id, request) if request["held"] else {}
    return Order(
        settlement_id=request["settlement_id"],
        family_id=family_id,
        content_sha256=_digest(
            family_id,
            request.get("quote_id"),
            sorted([each["line"], each["booking_id"]] for each in request["held"]),
            sorted(each["booking_id"] for each in request["cancelled"]),
        ),
        held=tuple(
            held_line(prices.get(each["line"]), each["booking_id"], each["held_until"])
            for each in request["held"]
        ),
        cancelled=tuple(
            Cancelled(each["line"], each["booking_id"], credit_note_id_of(each["booking_id"]))
            for each in request["cancelled"]
        ),
    )


def promotion_of(store: Store, context: Context, fact: BookingFact, held_until: datetime) -> Order:
    """Make the order of a promoted seat: one line, at today's price of its day, under the booking's id."""
    asked = AskedLine(
        line=0,
        booking_id=fact.booking_id,
        child_id=fact.child_id,
        activity_id=fact.activity_id,
        activity_group=fact.activity_group,
        day=fact.day,
        day_part=fact.day_part,
        charging_mode=ChargingMode(fact.charging_mode),
    )
    line = priced(store, context, [asked])[0]
    return Order(
        settlement_id=fact.booking_id,
        family_id=fact.family_id,
        content_sha256=_digest(fact.family_id, fact.booking_id),
        held=(held_line(line, fact.booking_id, held_until),),
        cancelled=(),
        promotion=Promotion(fact.booking_id, fact.raw),
    )


def held_line(line: QuoteLine | None, booking_id: str, held_until: datetime) -> HeldLine:
    """Put a price to a held seat.

    A line that its quote does not know, or that is free, can't be held for money.
    """
    if line is None or line.office is None or line.wallet_id is None:
        raise Refused("conflict", f"the quote has no price for the held booking {booking_id}")
    return HeldLine(line.line, booking_id, line.price_cents, line.office, line.wallet_id, held_until)


def _quoted(store: Store, context: Context, family_id: str, request: Request) -> dict[int, QuoteLine]:
    """Find the quote's lines. Its age does not matter any more: the seats were held while it was fresh."""
    quote: Quote | None = store.quotes.get(context, request.get("quote_id") or "")
    if quote is None or quote.family_id != family_id:
        raise Refused("not_found", "no quote is called so")
    return {line.line: line for line in quote.lines}


def _sentence(missing: NoPrice) -> str:
    what = "tariff" if missing.code == "no_tariff" else f"wallet for {missing.activity_group}"
    return f"line {missing.line}: activity {missing.activity_id} has no {what} on {missing.day.isoformat()}"


def _place(missing: NoPrice) -> FieldError:
    return FieldError(pointer=f"/bookings/{missing.line}", messages=[missing.code, missing.day.isoformat()])


def _digest(*content: object) -> str:
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
