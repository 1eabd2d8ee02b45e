"""What became of a payment: each order that it settled with its days, and what happens next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gateway import clients, session
from gateway.clients.billing import PaidOrder, Payment
from gateway.clients.booking import Booking, Confirmation
from gateway.errors import Failed, Refused, Unavailable
from gateway.pages import frame
from gateway.portal import days
from gateway.portal.days import Stay

ROWS: Final = 100
ORDERS_SHOWN: Final = 10  # each is asked for; the days of more stand in the list of bookings


@dataclass(frozen=True, slots=True)
class PaidDays:
    """An order that has its money by a payment, and its days; a promoted seat has no confirmation."""

    order: PaidOrder
    confirmation: Confirmation | None
    days: dict[str, list[Stay]]

    @property
    def children(self) -> list[str]:
        """Whose days they are."""
        return sorted({stay.child for stays in self.days.values() for stay in stays})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a payment settled, and what is next: the first day, and until when the first can be cancelled.

    `calendar_of` is the confirmation whose days a calendar takes, None where several orders were paid.
    """

    orders: Sequence[PaidDays]
    others: int
    first: Booking | None
    cancellable_until: str | None
    waits: bool

    @property
    def calendar_of(self) -> Confirmation | None:
        """The one confirmation that was paid."""
        return self.orders[0].confirmation if len(self.orders) == 1 and not self.others else None


def outcome_of(payment: Payment) -> Outcome:
    """Return what a payment that came settled; what nobody can tell now is left out."""
    only = PaidOrder(settlement_id=payment.settlement_id, amount_cents=payment.amount_cents, settled=True)
    settled = [order for order in payment.orders or (only,) if order.settled]
    coming = _coming()
    orders = [_paid_days(order, coming) for order in settled[:ORDERS_SHOWN]]
    own = [row for row in coming if any(_is_of(row, each) for each in orders)]
    until = [row.cancellable_until for row in own if row.cancellable_until]
    return Outcome(
        orders=orders,
        others=len(settled) - len(orders),
        first=min(own, key=lambda row: (row.day, row.arrives_at or ""), default=None),
        cancellable_until=min(until, default=None),
        waits=any(stay.rank for each in orders for stays in each.days.values() for stay in stays),
    )


def _is_of(row: Booking, paid: PaidDays) -> bool:
    """Tell whether a booking belongs to an order: a promoted seat is one by its own id."""
    return paid.order.settlement_id in (row.confirmation_id, row.id)


def _paid_days(order: PaidOrder, coming: Iterable[Booking]) -> PaidDays:
    confirmation = _confirmation_of(order.settlement_id)
    if confirmation is not None:
        return PaidDays(order, confirmation, days.of_confirmation(confirmation))
    own = [(row.state, row) for row in coming if row.id == order.settlement_id]
    return PaidDays(order, None, days.by_day(own, days.first_names()) if own else {})


def _coming() -> tuple[Booking, ...]:
    try:
        return (
            clients.current()
            .booking.list_bookings(
                session.context(), from_on=frame.today().isoformat(), states=("accepted", "held"), limit=ROWS
            )
            .data
        )
    except (Refused, Unavailable, Failed):
        return ()


def _confirmation_of(settlement_id: str) -> Confirmation | None:
    """Return what was paid, None where that is a promoted seat or nobody can say."""
    try:
        return clients.current().booking.get_confirmation(session.context(), settlement_id)
    except (Refused, Unavailable, Failed):
        return None
