"""Settling orders: those that booking asks for, and those of promoted seats."""

from billing.credit_notes.store import CreditNotesStore, credit_note_id_of
from billing.ledger.store.transactions import Stamp
from billing.ports import Call
from billing.ports.booking import BookingFact
from billing.quotes.model import AskedLine
from billing.quotes.render import no_price
from billing.quotes.rules import price_lines
from billing.quotes.store import QuotesStore
from billing.settlements import contract
from billing.settlements.model import AskedOrder, Order
from billing.settlements.render import settled
from billing.settlements.rules import orders
from billing.settlements.store import SettlementsStore
from billing.tariffs.store import TariffsStore
from billing.vocabulary import ChargingMode, Reply
from billing.wallets.store import WalletsStore
from chassis.doors.capabilities import from_service
from chassis.doors.events import on_event
from chassis.doors.rpc import rpc
from chassis.running.failpoints import failpoint
from chassis.values.errors import Refused
from chassis.values.event import Event


@rpc(from_service("booking"), request=contract.SettleRequest(), reply=contract.Settled())
def settle(call: Call, request: AskedOrder) -> Reply:
    """Settle an order once: cancellations become credit notes, these pay, the rest is due.

    Refused: not_found (the quote), conflict (another order under this id, or a held line without a price).
    """
    family_id = request.family_id or call.family_id
    lines = {}
    if request.held:
        # The quote's age does not matter any more: the seats were held while it was fresh.
        quote = call.store(QuotesStore).get(call.scope, request.quote_id or "")
        if quote is None or quote.family_id not in call.scope.file_of(family_id):
            raise Refused("not_found", "no quote is called so")
        lines = {line.line: line for line in quote.lines}
    order = _priced(orders.order_of(request, family_id, lines, credit_note_id_of))
    stamp = Stamp.of(call)
    failpoint("billing.settle.before_commit")
    settlement = call.store(SettlementsStore).settle(call.scope, order, stamp)
    failpoint("billing.settle.after_commit")
    call.bell.wake()
    cancelled = [each.booking_id for each in request.cancelled]
    notes = call.store(CreditNotesStore).of_bookings(call.scope, family_id, cancelled) if cancelled else []
    return settled(settlement, notes)


@on_event("booking", "seat_promoted")
def on_seat_promoted(call: Call, event: Event) -> None:
    """Settle a promoted seat at today's price: credit pays at once, or the family is asked to."""
    fact = BookingFact.read(event.data)
    if fact.to != "held" or fact.held_until is None:
        return
    tariffs = call.store(TariffsStore).of(call.scope, [fact.activity_id])
    wallets = call.store(WalletsStore).all(call.scope, [fact.activity_group])
    lines, missing = price_lines([_asked(fact)], tariffs, wallets)
    if missing:
        raise no_price(missing)
    order = _priced(orders.promoted_order(lines[0], fact.family_id, fact.held_until, fact.raw))
    stamp = Stamp.of(call)
    failpoint("billing.seat_promoted.before_commit")
    call.store(SettlementsStore).settle(call.scope, order, stamp)
    failpoint("billing.seat_promoted.after_commit")
    call.bell.wake()


def _asked(fact: BookingFact) -> AskedLine:
    return AskedLine(
        line=0,
        booking_id=fact.booking_id,
        child_id=fact.child_id,
        activity_id=fact.activity_id,
        activity_group=fact.activity_group,
        day=fact.day,
        day_part=fact.day_part,
        charging_mode=ChargingMode(fact.charging_mode),
    )


def _priced(order: Order | str) -> Order:
    if isinstance(order, str):
        raise Refused("conflict", f"the quote has no price for the held booking {order}")
    return order
