"""Settling an order: what it cancels becomes credit notes, these pay what it books, the rest is due.

Every function gives `Effects`: what is to be kept in one transaction. The store carries them out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from billing.credit_notes.model import Charge, CreditNote, CreditReason, CreditUse, Movements
from billing.credit_notes.rules import assign, credit, give_back
from billing.ledger.model import EntryKind, JournalEntry, Leg
from billing.ledger.rules import credit_of, held_of, revenue_of
from billing.offices.model import CashOffice
from billing.settlements.model import PART, Effects, HeldLine, Order, Part, PartLine, PartState, Settlement
from billing.vocabulary import Reply


def settle(
    order: Order,
    charges: Mapping[str, Charge],
    notes: Sequence[CreditNote],
    now: datetime,
    actor: Mapping[str, str] | None = None,
) -> Effects:
    """Return what settles an order, with the charges of what it cancels and the family's free credit notes.

    `charges` holds those of `order.cancelled`, by booking id; the family's own only count. `actor` is who
    asks for it.
    """
    credited = [
        credit(charge, cancelled.credit_note_id, CreditReason.CANCELLED, now)
        for cancelled in order.cancelled
        if (charge := charges.get(cancelled.booking_id)) is not None and charge.family_id == order.family_id
    ]
    issued = tuple(note for each in credited for note in each.issued)
    parts = _parts(order, [*notes, *issued])
    settled = tuple(part for part in parts if part.state is PartState.SETTLED)
    return Effects(
        settlement=_settlement(order, parts, now, actor),
        moved=Movements(
            entries=(
                *(entry for each in credited for entry in each.entries),
                *(entry for part in parts if (entry := _first_entry(order, part))),
            ),
            issued=issued,
            credited=tuple(pair for each in credited for pair in each.credited),
            used=tuple(use for part in parts for use in part.credits),
            charged=tuple(
                charge
                for part in settled
                for charge in charges_of(part, order.settlement_id, order.family_id, now)
            ),
        ),
        settled=settled,
        asked=tuple(part for part in parts if order.promotion and part.state is PartState.DUE),
    )


def answer(parts: Sequence[Part]) -> Reply:
    """Return how an order stands: settled when nothing is due anywhere, else due."""
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
    """Return the charges of the lines of a part that has its money."""
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
    """Tell whether no payment can succeed any more for a part: its hold is over, and no page is open."""
    return part.state is PartState.DUE and now >= part.held_until and not payment_open


def release(settlement: Settlement, part: Part) -> Effects:
    """Return what gives the reserved credit of a part back to the family."""
    ended = replace(moved(part, "release"), credits=(), amount_due_cents=0)
    entry_id = f"{EntryKind.RELEASE}:{settlement.id}:{part.office.id}"
    entries = _back(settlement, part, part.credits, EntryKind.RELEASE, entry_id)
    return Effects(
        settlement=with_part(settlement, ended),
        moved=Movements(entries=entries, used=_negative(part.credits)),
    )


def withdraw(settlement: Settlement, booking_id: str, now: datetime) -> Effects:
    """Return what takes a booking out of an order that waits for its payment: its price is no longer due.

    The amount due falls first, then credit notes come free. A part that needs no more money is settled, an
    empty one ends.
    """
    part = next((p for p in settlement.parts if any(line.booking_id == booking_id for line in p.lines)), None)
    if part is None or part.state is not PartState.DUE:
        return Effects()
    left, freed = _without(part, booking_id)
    entries = _back(settlement, part, freed, EntryKind.WITHDRAW, f"{EntryKind.WITHDRAW}:{booking_id}")
    used = _negative(freed)
    if left.state is not PartState.SETTLED:
        return Effects(settlement=with_part(settlement, left), moved=Movements(entries=entries, used=used))
    return Effects(
        settlement=with_part(settlement, left),
        moved=Movements(
            entries=(*entries, *_captured(settlement, left)),
            used=used,
            charged=charges_of(left, settlement.id, settlement.family_id, now),
        ),
        settled=(left,),
    )


def _without(part: Part, booking_id: str) -> tuple[Part, tuple[CreditUse, ...]]:
    """Return a due part without one of its bookings, and the credit that comes free."""
    lines = tuple(line for line in part.lines if line.booking_id != booking_id)
    price = part.bookings_cents - sum(line.price_cents for line in lines)
    kept, freed = give_back(part.credits, max(0, price - part.amount_due_cents))
    due = max(0, part.amount_due_cents - price)
    left = replace(
        part, lines=lines, bookings_cents=part.bookings_cents - price, credits=kept, amount_due_cents=due
    )
    return left if due else moved(left, "cover" if lines else "empty"), freed


def moved(part: Part, act: str) -> Part:
    """Return a part after an act; one that the act does not move stays in its state."""
    return replace(part, state=PART.after(part.state, act) or part.state)


def with_part(settlement: Settlement, part: Part) -> Settlement:
    """Return the settlement with a changed part in its place."""
    return replace(
        settlement,
        parts=tuple(part if each.office.id == part.office.id else each for each in settlement.parts),
    )


def _settlement(
    order: Order, parts: tuple[Part, ...], now: datetime, actor: Mapping[str, str] | None
) -> Settlement:
    return Settlement(
        id=order.settlement_id,
        family_id=order.family_id,
        content_sha256=order.content_sha256,
        asked_at=now,
        parts=parts,
        answer=answer(parts),
        promotion=order.promotion,
        actor=actor,
    )


def _parts(order: Order, notes: Sequence[CreditNote]) -> tuple[Part, ...]:
    """Return one part for each cash office of an order; no credit crosses from one to another."""
    return tuple(
        _part([line for line in order.held if line.office == office], office, notes)
        for office in sorted({line.office for line in order.held})
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
        state=PART.moves[None, "owe" if missing else "cover"],
        held_until=min(line.held_until for line in lines),
    )


def _first_entry(order: Order, part: Part) -> JournalEntry | None:
    """Return what a new part enters: its credit reserved, or earned; nothing when it uses none."""
    if not part.credits:
        return None
    settled = part.state is PartState.SETTLED
    kind = EntryKind.SETTLE if settled else EntryKind.RESERVE
    target = revenue_of(part.office) if settled else held_of(order.family_id, part.office)
    cents = part.credits_used_cents
    return JournalEntry(
        id=f"{kind}:{order.settlement_id}:{part.office.id}",
        kind=kind,
        family_id=order.family_id,
        cash_office_id=part.office.id,
        legs=(Leg(credit_of(order.family_id, part.office), -cents), Leg(target, cents)),
        about={"settlement_id": order.settlement_id},
        uses=tuple((use.credit_note_id, use.amount_cents) for use in part.credits),
    )


def _captured(settlement: Settlement, part: Part) -> tuple[JournalEntry, ...]:
    """Return what earns the reserved credit of a part that needs no money any more."""
    if not part.credits:
        return ()
    cents = part.credits_used_cents
    return (
        JournalEntry(
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
) -> tuple[JournalEntry, ...]:
    """Return what makes reserved credit free again."""
    cents = sum(use.amount_cents for use in uses)
    if not cents:
        return ()
    family = settlement.family_id
    return (
        JournalEntry(
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


def payable_parts(settlement: Settlement, now: datetime) -> list[Part]:
    """Return the parts that can be paid now."""
    return [part for part in settlement.parts if part.state is PartState.DUE and part.held_until > now]
