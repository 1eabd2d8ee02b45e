"""Hearing of bookings that are charged later, and of cancellations, however the booking was charged."""

from billing.consumption.model import Consumption, Expectation
from billing.consumption.store import ConsumptionStore
from billing.credit_notes.model import CreditReason
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.store.transactions import Stamp
from billing.ports import Call
from billing.ports.booking import BookingFact
from billing.settlements.store import SettlementsStore
from billing.vocabulary import ChargingMode
from chassis.doors.events import on_event, on_events
from chassis.running.failpoints import failpoint
from chassis.values.event import Event


@on_events("booking", "booking_accepted")
def on_booking_accepted(call: Call, events: list[Event]) -> None:
    """Expect bookings that will be charged later."""
    facts = [(BookingFact.read(event.data), event.sequence) for event in events]
    coming = [_expectation(fact, sequence) for fact, sequence in facts if fact.charged_later]
    call.store(ConsumptionStore).expect(call.scope, coming)


@on_event("booking", "booking_cancelled")
def on_booking_cancelled(call: Call, event: Event) -> None:
    """Expect it no more; take it out of an unpaid order; give back what was paid, if it was in time."""
    fact = BookingFact.read(event.data)
    if fact.charged_later:
        call.store(ConsumptionStore).forget(call.scope, fact.booking_id, event.sequence)
        return
    stamp = Stamp.of(call)
    failpoint("billing.booking_cancelled.before_commit")
    call.store(SettlementsStore).withdraw(call.scope, fact.booking_id, stamp, promoted=fact.was == "held")
    if fact.in_time:
        reason = CreditReason.CLOSED if fact.closed else CreditReason.CANCELLED
        call.store(CreditNotesStore).credit(call.scope, fact.booking_id, reason, stamp)
    failpoint("billing.booking_cancelled.after_commit")
    call.bell.wake()


def _expectation(fact: BookingFact, sequence: int) -> Expectation:
    consumption = Consumption(
        booking_id=fact.booking_id,
        activity_id=fact.activity_id,
        activity_group=fact.activity_group,
        day=fact.day,
        charging_mode=ChargingMode(fact.charging_mode),
    )
    return Expectation(fact.family_id, consumption, sequence)
