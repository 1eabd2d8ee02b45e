"""What can be paid now, by cash office: each collects for itself, in one payment for all its orders."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from chassis.values.ids import new_id
from gateway.clients.billing import OfficeDue, SettlementDue


@dataclass(frozen=True, slots=True)
class Till:
    """What one cash office can be paid now, for how many orders, and until when all their seats are kept.

    `key` is that of the payment which its button begins: pressed twice, it begins once.
    """

    cash_office_id: str
    name: str
    orders: int
    amount_due_cents: int
    held_until: str | None
    key: str


def tills(due: Iterable[SettlementDue]) -> list[Till]:
    """Return the cash offices that can be paid now, the most urgent first.

    An order of which a payment is being checked is left out, as the server leaves it out.
    """
    parts = sorted(_payable(due), key=lambda part: (part[0].cash_office_id, part[1].held_until or ""))
    grouped = groupby(parts, key=lambda part: part[0].cash_office_id)
    found = [_till([*own]) for _, own in grouped]
    return sorted(found, key=lambda till: (till.held_until or "", till.name))


def together(due: Iterable[SettlementDue]) -> list[Till]:
    """Return the cash offices to be paid whole, where there is more than one thing to pay; else none."""
    found = tills(due)
    return found if sum(till.orders for till in found) > 1 else []


def _payable(due: Iterable[SettlementDue]) -> Iterator[tuple[OfficeDue, SettlementDue]]:
    for order in due:
        for office in order.offices:
            if office.amount_due_cents and office.cash_office_id not in order.being_checked:
                yield office, order


def _till(parts: list[tuple[OfficeDue, SettlementDue]]) -> Till:
    office = parts[0][0]
    return Till(
        office.cash_office_id,
        office.name,
        len(parts),
        sum(part.amount_due_cents for part, _ in parts),
        min((order.held_until for _, order in parts if order.held_until), default=None),
        new_id(),
    )
