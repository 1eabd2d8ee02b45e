"""Making an order of what booking asks or tells: each held seat at the price that was promised."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime

from billing.quotes.model import QuoteLine
from billing.settlements.model import AskedOrder, Cancelled, HeldLine, Order, Promotion
from billing.vocabulary import Document


def order_of(
    asked: AskedOrder,
    family_id: str,
    lines: Mapping[int, QuoteLine],
    credit_note_id_of: Callable[[str], str],
) -> Order | str:
    """Return the order at the prices of its quote, or the id of a held booking that has no price there.

    A line that its quote does not know, or that is free, can't be held for money.
    """
    held = []
    for seat in asked.held:
        line = held_line(lines.get(seat.line), seat.booking_id, seat.held_until)
        if line is None:
            return seat.booking_id
        held.append(line)
    return Order(
        settlement_id=asked.settlement_id,
        family_id=family_id,
        content_sha256=_digest(
            family_id,
            asked.quote_id,
            sorted([seat.line, seat.booking_id] for seat in asked.held),
            sorted(each.booking_id for each in asked.cancelled),
        ),
        held=tuple(held),
        cancelled=tuple(
            Cancelled(each.line, each.booking_id, credit_note_id_of(each.booking_id))
            for each in asked.cancelled
        ),
    )


def promoted_order(line: QuoteLine, family_id: str, held_until: datetime, facts: Document) -> Order | str:
    """Return the order of a promoted seat under its booking's id, or that id when the seat has no price."""
    held = held_line(line, line.booking_id, held_until)
    if held is None:
        return line.booking_id
    return Order(
        settlement_id=line.booking_id,
        family_id=family_id,
        content_sha256=_digest(family_id, line.booking_id),
        held=(held,),
        cancelled=(),
        promotion=Promotion(line.booking_id, facts),
    )


def held_line(line: QuoteLine | None, booking_id: str, held_until: datetime) -> HeldLine | None:
    """Return a held seat with its price; None when there is none to pay."""
    if line is None or line.office is None or line.wallet_id is None:
        return None
    return HeldLine(line.line, booking_id, line.price_cents, line.office, line.wallet_id, held_until)


def _digest(*content: object) -> str:
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
