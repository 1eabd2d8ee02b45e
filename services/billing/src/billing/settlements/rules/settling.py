"""Settling an order: what it cancels becomes credit notes, these pay what it books, the rest is due.

Every function gives `Effects`: what is to be kept in one transaction. The store carries them out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from billing.credit_notes.model import Charge, CreditNote, CreditReason, CreditUse, Movements
from billing.credit_notes.rules import assign, credit, give_back
from billing.ledger.model import AccountKind, EntryKind, JournalEntry, LedgerAccount, Leg
from billing.ledger.rules import held_of, revenue_of
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

    `charges` are the family's own of `order.cancelled`, by booking id. They and `notes` may stand under any
    id of the family's file. `actor` is who asks for it.
    """
    credited = [
        credit(charge, cancelled.credit_note_id, CreditReason.CANCELLED, now)
        for cancelled in order.cancelled
        if (charge := charges.get(cancelled.booking_id)) is not None
    ]
    issued = tuple(note for each in credited for note in each.issued)
    pool = [*notes, *issued]
    others = {note.id: note.family_id for note in pool if note.family_id != order.family_id}
    parts = _parts(order, pool)
    settled = tuple(part for part in parts if part.state is PartState.SETTLED)
    return Effects(
        settlement=_settlement(order, parts, now, actor),
        moved=Movements(
            entries=(
                *(entry for each in credited for entry in each.entries),
                *(entry for part in parts for entry in _first_entries(order, part, others)),
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


def release(settlement: Settlement, part: Part, others: Mapping[str, str]) -> Effects:
    """Return what gives the reserved credit of a part back; `others` as in `withdraw`."""
    ended = replace(moved(part, "release"), credits=(), amount_due_cents=0)
    entry_id = f"{EntryKind.RELEASE}:{settlement.id}:{part.office.id}"
    back = _negative(part.credits)
    what = _entry(EntryKind.RELEASE, entry_id, settlement.id, settlement.family_id, part.office)
    entries = _by_file(what, back, held_of(settlement.family_id, part.office), others)
    return Effects(settlement=with_part(settlement, ended), moved=Movements(entries=entries, used=back))


def withdraw(settlement: Settlement, booking_id: str, others: Mapping[str, str], now: datetime) -> Effects:
    """Return what takes a booking out of an order that waits for its payment: its price is no longer due.

    The amount due falls first, then credit notes come free. A part that needs no more money is settled, an
    empty one ends. `others` are the ids under which reserved credit notes were issued, by note, where it is
    another id of the file than the order's: what comes free of them is theirs again.
    """
    part = next((p for p in settlement.parts if any(line.booking_id == booking_id for line in p.lines)), None)
    if part is None or part.state is not PartState.DUE:
        return Effects()
    left, freed = _without(part, booking_id)
    used, entry_id = _negative(freed), f"{EntryKind.WITHDRAW}:{booking_id}"
    what = _entry(EntryKind.WITHDRAW, entry_id, settlement.id, settlement.family_id, part.office)
    entries = _by_file(what, used, held_of(settlement.family_id, part.office), others)
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


def _first_entries(order: Order, part: Part, others: Mapping[str, str]) -> tuple[JournalEntry, ...]:
    """Return what a new part enters: its credit reserved, or earned; nothing when it uses none."""
    settled = part.state is PartState.SETTLED
    kind = EntryKind.SETTLE if settled else EntryKind.RESERVE
    target = revenue_of(part.office) if settled else held_of(order.family_id, part.office)
    entry_id = f"{kind}:{order.settlement_id}:{part.office.id}"
    what = _entry(kind, entry_id, order.settlement_id, order.family_id, part.office)
    return _by_file(what, part.credits, target, others)


def _entry(
    kind: EntryKind, entry_id: str, settlement_id: str, family_id: str, office: CashOffice
) -> JournalEntry:
    """Return an entry about a settlement, still without its legs."""
    return JournalEntry(entry_id, kind, family_id, office.id, (), {"settlement_id": settlement_id})


def _by_file(
    what: JournalEntry, uses: Iterable[CreditUse], against: LedgerAccount, others: Mapping[str, str]
) -> tuple[JournalEntry, ...]:
    """Return `what` with the legs of uses of credit notes, one entry for each id that they were issued under.

    An entry moves the credit of one id alone and stands under it: the journal of each tells all that became
    of its notes, also after a merge is undone. What is reserved is the order's, whosever note it was.
    """
    by_file: dict[str, list[CreditUse]] = {}
    for use in uses:
        by_file.setdefault(others.get(use.credit_note_id, what.family_id), []).append(use)
    return tuple(_used(what, family_id, by_file[family_id], against) for family_id in sorted(by_file))


def _used(
    what: JournalEntry, family_id: str, uses: Sequence[CreditUse], against: LedgerAccount
) -> JournalEntry:
    cents = sum(use.amount_cents for use in uses)
    credit_account = LedgerAccount(AccountKind.CREDIT, what.cash_office_id, family_id)
    return replace(
        what,
        id=what.id if family_id == what.family_id else f"{what.id}:{family_id}",
        family_id=family_id,
        legs=tuple(sorted((Leg(credit_account, -cents), Leg(against, cents)), key=lambda leg: leg.cents)),
        uses=tuple((use.credit_note_id, use.amount_cents) for use in uses),
    )


def _captured(settlement: Settlement, part: Part) -> tuple[JournalEntry, ...]:
    """Return what earns the reserved credit of a part that needs no money any more."""
    if not part.credits:
        return ()
    cents, entry_id = part.credits_used_cents, f"{EntryKind.SETTLE}:{settlement.id}:{part.office.id}"
    entry = _entry(EntryKind.SETTLE, entry_id, settlement.id, settlement.family_id, part.office)
    held = held_of(settlement.family_id, part.office)
    return (replace(entry, legs=(Leg(held, -cents), Leg(revenue_of(part.office), cents))),)


def _negative(uses: Iterable[CreditUse]) -> tuple[CreditUse, ...]:
    return tuple(CreditUse(use.credit_note_id, -use.amount_cents) for use in uses)


def payable_parts(settlement: Settlement, now: datetime) -> list[Part]:
    """Return the parts that can be paid now."""
    return [part for part in settlement.parts if part.state is PartState.DUE and part.held_until > now]
