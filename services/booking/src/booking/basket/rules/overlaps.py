"""A child is in one place at a time: new bookings against those that stand, and against each other.

What stands is judged by the seats documents alone: the child may have lost its enrolment since, or the
activity may not be offered any more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.basket.model import Line
from booking.offer.model import Offer
from booking.offer.rules.deadlines import wall_instant
from booking.seats.model import Answer, SeatsDocument, Slot
from booking.vocabulary import Action, Reason, Verdict


@dataclass(frozen=True, slots=True)
class CareHours:
    """From when until when a child is somewhere, as instants, and in which slot."""

    child_id: str
    slot: str | None
    starts_at: datetime
    ends_at: datetime

    def meet(self, other: "CareHours") -> bool:
        """Whether a child would be in two places; one that leaves when the other begins is not.

        Twice in the same slot is a duplicate, which the seats document tells better.
        """
        elsewhere = self.child_id == other.child_id and self.slot != other.slot
        return elsewhere and self.starts_at < other.ends_at and other.starts_at < self.ends_at


def days_to_look_at(lines: Iterable[Line]) -> tuple[date, date] | None:
    """The span of days on which a child would come; None when none would."""
    days = [line.facts.day for line in lines if _is_new(line)]
    return (min(days), max(days)) if days else None


def refuse_overlaps(
    lines: Sequence[Line], offer: Offer, standing: Iterable[SeatsDocument], confirmation_id: str = ""
) -> tuple[Line, ...]:
    """Refuse the new bookings whose hours are taken.

    What the basket itself is expected to give back is free again, and what `confirmation_id` has booked is
    not in its own way. A confirmation looks once its cancellations are made: what they left still stands.
    """
    leaving = {line.booking_id for line in lines if _leaves(line)}
    taken = defaultdict[str, list[CareHours]](list)
    for hours in (each for day in standing for each in _taken(day, offer, confirmation_id, leaving)):
        taken[hours.child_id].append(hours)
    zone, checked = ZoneInfo(offer.organisation.time_zone), list[Line]()
    for line in lines:
        wanted = _hours(line, zone) if _is_new(line) else None
        if wanted is not None and any(wanted.meet(other) for other in taken[wanted.child_id]):
            checked.append(replace(line, answer=Answer(Verdict.REFUSED, Reason.OVERLAP)))
            continue
        if wanted is not None:
            taken[wanted.child_id].append(wanted)
        checked.append(line)
    return tuple(checked)


def stands_elsewhere(line: Line, offer: Offer, standing: Iterable[SeatsDocument]) -> bool:
    """Whether the child of a line stands in another slot at the line's hours."""
    (checked,) = refuse_overlaps((replace(line, action=Action.BOOK, answer=None),), offer, standing)
    return checked.answer is not None


def _leaves(line: Line) -> bool:
    answer = line.answer
    return line.action is Action.CANCEL and answer is not None and answer.verdict is Verdict.CANCELLED


def _is_new(line: Line) -> bool:
    refused = line.answer is not None and line.answer.verdict is Verdict.REFUSED
    return line.action is Action.BOOK and not refused


def _taken(
    document: SeatsDocument, offer: Offer, confirmation_id: str, leaving: set[str | None]
) -> Iterator[CareHours]:
    slots = {slot.id: slot for slot in document.slots}
    for entry in document.taken + document.waiting + document.asked:
        slot = slots.get(entry.slot)
        if slot is not None and entry.confirmation_id != confirmation_id and entry.booking_id not in leaving:
            yield CareHours(entry.child_id, slot.id, slot.starts_at, _ends_at(slot, document.day, offer))


def _ends_at(slot: Slot, day: date, offer: Offer) -> datetime:
    """When care ends: as the slot keeps it, else as it is offered today, else with the day."""
    if slot.ends_at is not None:
        return slot.ends_at
    activity, zone = offer.activities.get(slot.activity_id), ZoneInfo(offer.organisation.time_zone)
    parts = activity.parts if activity is not None else ()
    leaves = next((part.leaves for part in parts if part.day_part is slot.day_part), None)
    if leaves is None:
        return wall_instant(day + timedelta(days=1), time(), zone)
    return wall_instant(day, leaves, zone)


def _hours(line: Line, zone: ZoneInfo) -> CareHours | None:
    facts = line.facts
    if facts.arrives_at is None or facts.leaves_at is None:
        return None
    hours = (time.fromisoformat(facts.arrives_at), time.fromisoformat(facts.leaves_at))
    starts_at, ends_at = (wall_instant(facts.day, hour, zone) for hour in hours)
    return CareHours(facts.child_id, line.slot, starts_at, ends_at)
