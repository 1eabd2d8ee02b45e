"""What happened elsewhere becomes letters: once per thing and person."""

from chassis.doors.events import on_event
from chassis.running.failpoints import failpoint
from chassis.values.errors import Refused
from chassis.values.event import Event
from notify.copies.store import CopyStore
from notify.letters.model import Letter, Writer
from notify.letters.render import message_of, render
from notify.letters.rules import about, letter_of
from notify.outgoing.store import MessageStore
from notify.ports import Call, billing, booking


@on_event("booking", "confirmation_answered")
def on_confirmation_answered(call: Call, event: Event) -> None:
    """Tell what became of every line."""
    _write(call, letter_of(event.name, booking.read_fact(event.name, event.data)))


@on_event("booking", "seat_promoted")
def on_seat_promoted(call: Call, event: Event) -> None:
    """Tell of a seat won from the waiting list; one still to be paid is told by `payment_asked`."""
    _write(call, letter_of(event.name, booking.read_fact(event.name, event.data)))


@on_event("booking", "hold_expired")
def on_hold_expired(call: Call, event: Event) -> None:
    """Tell of a seat freed for want of payment."""
    _write(call, letter_of(event.name, booking.read_fact(event.name, event.data)))


@on_event("booking", "seat_lost")
def on_seat_lost(call: Call, event: Event) -> None:
    """Tell of a payment that came too late."""
    _write(call, letter_of(event.name, booking.read_fact(event.name, event.data)))


@on_event("booking", "days_closed")
def on_days_closed(call: Call, event: Event) -> None:
    """Tell a family of all its bookings on days that were closed, in one letter."""
    _write(call, letter_of(event.name, booking.read_fact(event.name, event.data)))


@on_event("booking", "days_opened")
def on_days_opened(call: Call, event: Event) -> None:
    """Tell the same family that the days are open again."""
    _write(call, letter_of(event.name, booking.read_fact(event.name, event.data)))


@on_event("billing", "payment_asked")
def on_payment_asked(call: Call, event: Event) -> None:
    """Tell of a seat won that waits for its payment."""
    _write(call, letter_of(event.name, billing.read_fact(event.name, event.data)))


@on_event("billing", "payment_settled")
def on_payment_settled(call: Call, event: Event) -> None:
    """Send the receipt."""
    _write(call, letter_of(event.name, billing.read_fact(event.name, event.data)))


@on_event("billing", "credit_note_issued")
def on_credit_note_issued(call: Call, event: Event) -> None:
    """Tell of an avoir."""
    _write(call, letter_of(event.name, billing.read_fact(event.name, event.data)))


@on_event("billing", "payment_not_received")
def on_payment_not_received(call: Call, event: Event) -> None:
    """Tell that nothing came of a payment that a cashier has checked."""
    _write(call, letter_of(event.name, billing.read_fact(event.name, event.data)))


def _write(call: Call, letter: Letter | None) -> None:
    """Queue the letter for each contact of its family; not yet heard of, the event is tried again later."""
    if letter is None or not call.ports.enabled:
        return
    copies = call.store(CopyStore)
    organisation, family = copies.organisation(call.scope), copies.family(call.scope, letter.family_id)
    if organisation is None or family is None:
        raise Refused("not_found", "the family or its organisation is not known here yet")
    writer = Writer(organisation, call.ports.public_url, call.now())
    messages = [
        message_of(letter, writer, contact, render(letter, writer, contact, family.language))
        for contact in family.contacts
    ]
    failpoint("notify.tell.before_write")
    call.store(MessageStore).keep_letter(call.scope, about(letter), messages)
    failpoint("notify.tell.after_write")
    call.timers.wake("deliver")
