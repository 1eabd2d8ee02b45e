"""What happened elsewhere becomes letters: once per thing and person, at once, gathered or in a digest."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chassis.doors.events import on_event
from chassis.doors.timers import every
from chassis.running.failpoints import failpoint
from chassis.values.errors import Refused
from chassis.values.event import Event
from chassis.values.scope import Scope
from notify.copies.store import CopyStore
from notify.letters import rules
from notify.letters.model import Letter, Told, Writer
from notify.letters.render import message_of, render
from notify.news.model import News
from notify.news.rules import news_of, next_digest, of_day
from notify.news.store import NewsStore
from notify.outgoing.model import Message
from notify.ports import Call
from notify.ports.facts import read_fact
from notify.preferences.model import Preferences, Telling
from notify.preferences.store import PreferencesStore
from notify.senders.store import NotifySettingsStore
from notify.vocabulary import Contact, Family, MessageKind, Organisation

ROUND_S = 5.0
"""What is kept wakes its telling; by itself it looks for what another copy kept and did not tell."""
BATCH_MAX = 50
HEARD_WITHIN = timedelta(minutes=10)
"""After which nothing more is to be expected of a service that is there."""


@on_event("booking", "confirmation_answered")
def on_confirmation_answered(call: Call, event: Event) -> None:
    """Tell what became of every line, and of the avoirs that came of it."""
    _hear(call, event)


@on_event("booking", "seat_promoted")
def on_seat_promoted(call: Call, event: Event) -> None:
    """Tell of a seat won from the waiting list; one still to be paid is told by `payment_asked`."""
    _hear(call, event)


@on_event("booking", "hold_expired")
def on_hold_expired(call: Call, event: Event) -> None:
    """Tell of a seat freed for want of payment."""
    _hear(call, event)


@on_event("booking", "seat_lost")
def on_seat_lost(call: Call, event: Event) -> None:
    """Tell of a payment that came too late."""
    _hear(call, event)


@on_event("booking", "days_closed")
def on_days_closed(call: Call, event: Event) -> None:
    """Tell a family of all its bookings on days that were closed, in one letter."""
    _hear(call, event)


@on_event("booking", "days_opened")
def on_days_opened(call: Call, event: Event) -> None:
    """Tell the same family that the days are open again."""
    _hear(call, event)


@on_event("booking", "booking_waitlisted")
def on_booking_waitlisted(call: Call, event: Event) -> None:
    """Tell that the services granted a request for which no seat is free yet."""
    _hear(call, event)


@on_event("booking", "booking_accepted")
def on_booking_accepted(call: Call, event: Event) -> None:
    """Tell that the services granted a request."""
    _hear(call, event)


@on_event("booking", "booking_refused")
def on_booking_refused(call: Call, event: Event) -> None:
    """Tell that the services refused a request."""
    _hear(call, event)


@on_event("booking", "booking_cancelled")
def on_booking_cancelled(call: Call, event: Event) -> None:
    """Tell that the services granted a cancellation."""
    _hear(call, event)


@on_event("booking", "cancellation_declined")
def on_cancellation_declined(call: Call, event: Event) -> None:
    """Tell that the services want a booking to stay."""
    _hear(call, event)


@on_event("billing", "payment_asked")
def on_payment_asked(call: Call, event: Event) -> None:
    """Tell of a seat won that waits for its payment."""
    _hear(call, event)


@on_event("billing", "payment_settled")
def on_payment_settled(call: Call, event: Event) -> None:
    """Send the receipt."""
    _hear(call, event)


@on_event("billing", "credit_note_issued")
def on_credit_note_issued(call: Call, event: Event) -> None:
    """Tell of an avoir, unless the letter of its cancellation does."""
    _hear(call, event)


@on_event("billing", "payment_not_received")
def on_payment_not_received(call: Call, event: Event) -> None:
    """Tell that nothing came of a payment that a cashier has checked."""
    _hear(call, event)


@every(seconds=ROUND_S)
def tell_news(call: Call) -> timedelta | None:
    """Write what has been gathered for long enough and the digests of the hour; say when more is due."""
    news = call.store(NewsStore)
    for _ in range(BATCH_MAX):
        now = call.now()
        first = news.next_waiting(now)
        if first is None:
            due = news.next_due(now)
            return due - now if due else None
        _tell(call, first)
    return timedelta(0)


def _hear(call: Call, event: Event) -> None:
    """Keep what an event tells for each contact of its family, as each wants to be told.

    While the family or its organisation is not heard of yet, the event is tried again later.
    """
    thing = rules.thing_of(event.name, event.data, event.id) if call.ports.enabled else None
    if thing is None:
        return
    facts = _facts(call, call.scope, event.name, event.data)
    if _was_given_up(call, call.scope, event.name, facts):
        return
    letter = _letter(call, event, facts)
    organisation, family = _known(call, call.scope, facts["family_id"])
    found = Told()
    for contact, daily, language in _readers(call, family):
        if daily and rules.in_digest(event.name, facts):
            found.news.append(
                news_of(event, thing, MessageKind.DIGEST, contact, _digest_due(call, organisation))
            )
        if letter is None or (daily and letter.kind in rules.IN_DIGEST):
            continue
        if letter.kind in rules.GATHERED:
            gathered_until = call.now() + timedelta(seconds=call.ports.gather_s)
            found.news.append(news_of(event, thing, letter.kind, contact, gathered_until))
        else:
            found.messages.append(_message(call, letter, organisation, contact, language))
    call.store(CopyStore).keep_held(call.scope, rules.seats_to_pay(event.name, facts), call.now())
    call.store(CopyStore).give_up(call.scope, rules.seats_given_up(event.name, facts))
    failpoint("notify.tell.before_write")
    call.store(NewsStore).keep(call.scope, thing, found.messages, found.news)
    call.store(NewsStore).tell_elsewhere(call.scope, rules.aliases_told_by(event.name, facts), call.now())
    failpoint("notify.tell.after_write")
    _wake(call, found)


def _facts(call: Call, scope: Scope, name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what letters need of an event; of a payment with the seats that it paid, as they were told."""
    facts = read_fact(name, data)
    booking_ids = rules.settled_bookings(name, facts)
    return rules.with_seats(facts, call.store(CopyStore).held(scope, booking_ids)) if booking_ids else facts


def _was_given_up(call: Call, scope: Scope, name: str, facts: Mapping[str, Any]) -> bool:
    """Return whether a seat that was paid too late had been cancelled by its family, as another mail says."""
    if name != "seat_lost":
        return False
    seat = call.store(CopyStore).held(scope, [facts["booking_id"]]).get(facts["booking_id"])
    return seat is not None and seat.given_up


def _letter(call: Call, event: Event, facts: Mapping[str, Any]) -> Letter | None:
    """Return the letter about an event; while nothing was heard of its seat, it is tried again.

    Who wins a seat and who pays it are told by different services, in any order.
    """
    letter = rules.letter_of(event.name, facts, event.id)
    if letter is None or letter.kind is not MessageKind.PROMOTION or letter.facts["lines"]:
        return letter
    if call.now() - event.occurred_at < HEARD_WITHIN:
        raise Refused("not_found", "nothing was heard of the seat yet")
    return None


def _wake(call: Call, found: Told) -> None:
    if found.messages:
        call.timers.wake("deliver")
    for each in found.news:
        if each.due_at is not None:
            call.timers.wake("tell_news", each.due_at - call.now())


def _known(call: Call, scope: Scope, family_id: str) -> tuple[Organisation, Family]:
    copies = call.store(CopyStore)
    organisation, family = copies.organisation(scope), copies.family(scope, family_id)
    if organisation is None or family is None:
        raise Refused("not_found", "the family or its organisation is not known here yet")
    return organisation, family


def _readers(call: Call, family: Family) -> list[tuple[Contact, bool, str]]:
    """Return whom to write to, each with whether they want a digest, and in which language they read."""
    ids = [contact.guardian_id for contact in family.contacts if contact.guardian_id]
    decided = call.store(PreferencesStore).of(call.scope, ids) if ids else {}
    chosen_languages = call.store(CopyStore).chosen_languages(call.scope, ids)
    return [
        (
            contact,
            decided.get(contact.guardian_id, Preferences()).telling is Telling.DAILY,
            chosen_languages.get(contact.guardian_id, family.language),
        )
        for contact in family.contacts
    ]


def _digest_due(call: Call, organisation: Organisation) -> datetime:
    digest_at = call.store(NotifySettingsStore).read(Scope(organisation.id)).digest_at
    return next_digest(call.now(), digest_at, organisation.time_zone)


def _message(
    call: Call, letter: Letter, organisation: Organisation, contact: Contact, language: str
) -> Message:
    writer = Writer(organisation, call.ports.public_url, call.now())
    return message_of(letter, writer, contact, render(letter, writer, contact, language))


def _tell(call: Call, first: News) -> None:
    """Write one mail of all that waits for a person beside this."""
    scope = Scope(first.organisation_id)
    organisation, family = _known(call, scope, first.family_id)
    reader, now = first.recipient, call.now()
    heard = call.store(CopyStore).chosen_languages(scope, [reader.guardian_id] if reader.guardian_id else [])
    language = heard.get(reader.guardian_id, family.language)

    def write(waiting: list[News]) -> Message | None:
        news = [each for each in waiting if not _was_given_up(call, scope, each.event, each.data)]
        if not news:
            return None
        if first.about is MessageKind.DIGEST:
            letter = rules.digest_letter(news, of_day(now, organisation.time_zone))
        else:
            letter = rules.gathered_letter(
                news, [_facts(call, scope, each.event, each.data) for each in news]
            )
        return _message(call, letter, organisation, reader, language) if letter else None

    failpoint("notify.tell_news.before_write")
    if call.store(NewsStore).tell(first, now, _digest_due(call, organisation), write):
        failpoint("notify.tell_news.after_write")
        call.timers.wake("deliver")
