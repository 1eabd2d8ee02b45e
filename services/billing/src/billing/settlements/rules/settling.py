"""Settling an order: what it cancels becomes avoirs, avoirs pay what it books, the rest is due.

Every function gives `Changes`: what is to be kept in one transaction. The door or the store carries them out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from billing.credit_notes.model import Charge, CreditNote, CreditReason, CreditUse
from billing.credit_notes.rules import assign, credit, give_back
from billing.ledger.model import Entry, EntryKind, Leg
from billing.ledger.rules import bank_of, credit_of, held_of, revenue_of
from billing.offices.model import CashOffice
from billing.settlements.model import Changes, HeldLine, Order, Part, PartLine, PartState, Settlement


def settle(
    order: Order, charges: Mapping[str, Charge], notes: Sequence[CreditNote], now: datetime
) -> Changes:
    """Settle an order against the charges of what it cancels and the family's free avoirs.

    `charges` holds those of `order.cancelled`, by booking id; the family's own only count.
    """
    credited = [
        credit(charge, cancelled.credit_note_id, CreditReason.CANCELLED, now)
        for cancelled in order.cancelled
        if (charge := charges.get(cancelled.booking_id)) is not None and charge.family_id == order.family_id
    ]
    issued = tuple(note for changes in credited for note in changes.issued)
    pool = [*notes, *issued]
    parts = tuple(
        _part([line for line in order.held if line.office == office], office, pool)
        for office in sorted({line.office for line in order.held})
    )
    return Changes(
        settlement=Settlement(
            id=order.settlement_id,
            family_id=order.family_id,
            content_sha256=order.content_sha256,
            asked_at=now,
            parts=parts,
            answer=answer(parts),
            promotion=order.promotion,
        ),
        entries=(
            *(entry for changes in credited for entry in changes.entries),
            *(entry for part in parts if (entry := _first_entry(order, part))),
        ),
        issued=issued,
        credited=tuple(pair for changes in credited for pair in changes.credited),
        used=tuple(use for part in parts for use in part.credits),
        settled=tuple(part for part in parts if part.state is PartState.SETTLED),
        asked=tuple(part for part in parts if order.promotion and part.state is PartState.DUE),
        charged=tuple(
            charge
            for part in parts
            if part.state is PartState.SETTLED
            for charge in charges_of(part, order.settlement_id, order.family_id, now)
        ),
    )


def answer(parts: Iterable[Part]) -> dict[str, object]:
    """Say how an order stands: settled when nothing is due anywhere, else due."""
    parts = tuple(parts)
    due = any(part.state is PartState.DUE for part in parts)
    return {
        "state": "due" if due else "settled",
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


def charges_of(part: Part, settlement_id: str, family_id: str, now: datetime) -> tuple[Charge, ...]:
    """Charge the lines of a part that has its money."""
    return tuple(
        Charge(
            booking_id=line.booking_id,
            settlement_id=settlement_id,
            family_id=family_id,
            office=part.office,
            wallet_id=line.wallet_id,
            charged_cents=line.price_cents,
            charged_at=now,
        )
        for line in part.lines
    )


def releasable(part: Part, now: datetime, *, payment_open: bool) -> bool:
    """Tell whether no payment can succeed any more for a part.

    Its hold is over and no page is open for it.
    """
    return part.state is PartState.DUE and now >= part.held_until and not payment_open


def release(settlement: Settlement, part: Part) -> Changes:
    """Give the reserved avoirs of a part back to the family."""
    ended = replace(part, state=PartState.RELEASED, credits=(), amount_due_cents=0)
    return Changes(
        settlement=with_part(settlement, ended),
        entries=_back(
            settlement, part, part.credits, EntryKind.RELEASE, f"release:{settlement.id}:{part.office.id}"
        ),
        used=_negative(part.credits),
    )


def withdraw(settlement: Settlement, booking_id: str, now: datetime) -> Changes:
    """Take a booking out of an order that waits for its payment; what it cost is no longer due.

    The amount due falls first, then avoirs come free. A part that needs no more money is settled, an empty
    one ends.
    """
    part = next((p for p in settlement.parts if any(line.booking_id == booking_id for line in p.lines)), None)
    if part is None or part.state is not PartState.DUE:
        return Changes()
    lines = tuple(line for line in part.lines if line.booking_id != booking_id)
    price = part.bookings_cents - sum(line.price_cents for line in lines)
    kept, freed = give_back(part.credits, max(0, price - part.amount_due_cents))
    due = max(0, part.amount_due_cents - price)
    state = PartState.DUE if due else PartState.SETTLED if lines else PartState.RELEASED
    left = replace(
        part,
        lines=lines,
        bookings_cents=part.bookings_cents - price,
        credits=kept,
        amount_due_cents=due,
        state=state,
    )
    entries = _back(settlement, part, freed, EntryKind.WITHDRAW, f"withdraw:{booking_id}")
    if state is not PartState.SETTLED:
        return Changes(settlement=with_part(settlement, left), entries=entries, used=_negative(freed))
    return Changes(
        settlement=with_part(settlement, left),
        entries=(*entries, *_captured(settlement, left)),
        used=_negative(freed),
        settled=(left,),
        charged=charges_of(left, settlement.id, settlement.family_id, now),
    )


def with_part(settlement: Settlement, part: Part) -> Settlement:
    """Put a changed part in its place."""
    return replace(
        settlement,
        parts=tuple(part if each.office.id == part.office.id else each for each in settlement.parts),
    )


def _part(lines: Sequence[HeldLine], office: CashOffice, pool: Sequence[CreditNote]) -> Part:
    total = sum(line.price_cents for line in lines)
    uses, missing = assign([note for note in pool if note.office.id == office.id], total)
    return Part(
        office=office,
        lines=tuple(PartLine(line.line, line.booking_id, line.price_cents, line.wallet_id) for line in lines),
        bookings_cents=total,
        credits=uses,
        amount_due_cents=missing,
        state=PartState.DUE if missing else PartState.SETTLED,
        held_until=min(line.held_until for line in lines),
    )


def _first_entry(order: Order, part: Part) -> Entry | None:
    """Write down what a new part does: reserve its avoirs, or earn them; nothing when no avoir is used."""
    if not part.credits:
        return None
    settled = part.state is PartState.SETTLED
    kind = EntryKind.SETTLE if settled else EntryKind.RESERVE
    target = revenue_of(part.office) if settled else held_of(order.family_id, part.office)
    cents = part.credits_used_cents
    return Entry(
        id=f"{kind}:{order.settlement_id}:{part.office.id}",
        kind=kind,
        family_id=order.family_id,
        cash_office_id=part.office.id,
        legs=(Leg(credit_of(order.family_id, part.office), -cents), Leg(target, cents)),
        about={"settlement_id": order.settlement_id},
        uses=tuple((use.credit_note_id, use.amount_cents) for use in part.credits),
    )


def _captured(settlement: Settlement, part: Part) -> tuple[Entry, ...]:
    """Earn the reserved avoirs of a part that needs no money any more."""
    if not part.credits:
        return ()
    cents = part.credits_used_cents
    return (
        Entry(
            id=f"{EntryKind.SETTLE}:{settlement.id}:{part.office.id}",
            kind=EntryKind.SETTLE,
            family_id=settlement.family_id,
            cash_office_id=part.office.id,
            legs=(
                Leg(held_of(settlement.family_id, part.office), -cents),
                Leg(revenue_of(part.office), cents),
            ),
            about={"settlement_id": settlement.id},
        ),
    )


def _back(
    settlement: Settlement, part: Part, uses: Sequence[CreditUse], kind: EntryKind, entry_id: str
) -> tuple[Entry, ...]:
    """Move reserved avoirs back to those that are free."""
    cents = sum(use.amount_cents for use in uses)
    if not cents:
        return ()
    family = settlement.family_id
    return (
        Entry(
            id=entry_id,
            kind=kind,
            family_id=family,
            cash_office_id=part.office.id,
            legs=(Leg(held_of(family, part.office), -cents), Leg(credit_of(family, part.office), cents)),
            about={"settlement_id": settlement.id},
            uses=tuple((use.credit_note_id, -use.amount_cents) for use in uses),
        ),
    )


def _negative(uses: Iterable[CreditUse]) -> tuple[CreditUse, ...]:
    return tuple(CreditUse(use.credit_note_id, -use.amount_cents) for use in uses)


def take_over(charge: Charge) -> Changes:
    """Charge a booking that was paid before this program kept the books."""
    cents = charge.charged_cents
    entry = Entry(
        id=f"{EntryKind.TAKEOVER}:{charge.booking_id}",
        kind=EntryKind.TAKEOVER,
        family_id=charge.family_id,
        cash_office_id=charge.office.id,
        legs=(Leg(bank_of(charge.office), -cents), Leg(revenue_of(charge.office), cents)),
        about={"booking_id": charge.booking_id},
    )
    return Changes(entries=(entry,) if cents else (), charged=(charge,))


def payable_parts(settlement: Settlement, now: datetime) -> list[Part]:
    """Pick the parts that can be paid now."""
    return [part for part in settlement.parts if part.state is PartState.DUE and part.held_until > now]
