"""A child is in one place at a time: new bookings against those that stand, and against each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, time

from booking.basket.model import Line
from booking.offer.model import Activity, Offer
from booking.seats.model import Answer, SeatsDocument
from booking.vocabulary import Action, Reason, Verdict

Hours = tuple[str, date, time, time, str | None]
"""A child, a day, from, until, and the slot."""


def days_to_look_at(lines: Iterable[Line]) -> tuple[date, date] | None:
    """The span of days on which another activity has hours in common; None when no look is needed."""
    days = [line.facts.day for line in _new(lines) if line.may_overlap]
    return (min(days), max(days)) if days else None


def refuse_overlaps(
    lines: Sequence[Line], offer: Offer, standing: Iterable[SeatsDocument], confirmation_id: str = ""
) -> tuple[Line, ...]:
    """Refuse the new bookings whose hours are taken.

    What the basket itself is expected to give back is free again, and what `confirmation_id` has booked is
    not in its own way. A confirmation looks once its cancellations are made: what they left still stands.
    """
    leaving = {line.booking_id for line in lines if _leaves(line)}
    taken = [hours for document in standing for hours in _taken(document, offer, confirmation_id, leaving)]
    checked = []
    for line in lines:
        hours = _hours(line)
        if _is_new(line) and hours is not None:
            if any(_meet(hours, other) for other in taken):
                checked.append(replace(line, answer=Answer(Verdict.REFUSED, Reason.OVERLAP)))
                continue
            taken.append(hours)
        checked.append(line)
    return tuple(checked)


def _new(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if _is_new(line)]


def _leaves(line: Line) -> bool:
    answer = line.answer
    return line.action is Action.CANCEL and answer is not None and answer.verdict is Verdict.CANCELLED


def _is_new(line: Line) -> bool:
    refused = line.answer is not None and line.answer.verdict is Verdict.REFUSED
    return line.action is Action.BOOK and not refused


def _taken(
    document: SeatsDocument, offer: Offer, confirmation_id: str, leaving: set[str | None]
) -> Iterator[Hours]:
    slots = {slot.id: slot for slot in document.slots}
    for entry in document.taken + document.waiting + document.asked:
        slot = slots.get(entry.slot)
        if slot is None or entry.confirmation_id == confirmation_id or entry.booking_id in leaving:
            continue
        activity: Activity | None = offer.activities.get(slot.activity_id)
        for part in activity.parts if activity else ():
            if part.day_part is slot.day_part:
                yield entry.child_id, document.day, part.arrives, part.leaves, slot.id


def _hours(line: Line) -> Hours | None:
    if line.facts.arrives_at is None or line.facts.leaves_at is None:
        return None
    arrives, leaves = time.fromisoformat(line.facts.arrives_at), time.fromisoformat(line.facts.leaves_at)
    return line.facts.child_id, line.facts.day, arrives, leaves, line.slot


def _meet(one: Hours, other: Hours) -> bool:
    # Twice in the same slot is a duplicate, which the seats document tells better.
    return one[:2] == other[:2] and one[4] != other[4] and one[2] < other[3] and other[2] < one[3]
