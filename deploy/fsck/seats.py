"""The days' seats: capacity, waiting lists, and the bookings that are projected from them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations
from typing import Any, NamedTuple

from pymongo.database import Database

Document = Mapping[str, Any]
Db = Database[dict[str, Any]]


class Claim(NamedTuple):
    """A booking with its hours and its slot."""

    starts_at: datetime
    ends_at: datetime
    slot: str
    booking_id: str


Whereabouts = dict[tuple[str, str, str], list[Claim]]
"""By organisation, day and child: when it stands where."""

STANDING = ("taken", "waiting", "asked")
LIVE = {"held", "accepted", "waitlisted", "requested", "submitted", "cancellation_requested"}


def check(booking: Db, now: datetime) -> Iterator[str]:
    """Check every seats document by itself, then against the bookings projected from it."""
    standing: dict[str, str] = {}
    whereabouts: Whereabouts = defaultdict(list)
    for day in booking["seats"].find():
        yield from gauges_hold(day)
        yield from waiting_lists_hold(day)
        yield from nobody_waits_beside_a_free_seat(day, now)
        yield from a_child_stands_once(day)
        standing.update((each["booking_id"], each["state"]) for part in STANDING for each in day[part])
        for child, hours in _hours(day):
            whereabouts[child].append(hours)
    yield from a_child_is_in_one_place(whereabouts)
    yield from the_projection_agrees(booking, standing)
    yield from promotion_is_first_come_first_served(booking)


def gauges_hold(day: Document) -> Iterator[str]:
    """No gauge counts wrongly, and none holds more than its maximum."""
    counted = Counter(gauge for entry in day["taken"] for gauge in entry["gauges"])
    for gauge in day["gauges"]:
        taken = counted[gauge["name"]]
        if gauge["taken"] != taken:
            yield f"{day['_id']}: gauge {gauge['name']} says {gauge['taken']} taken, {taken} are"
        if gauge["max"] is not None and taken > max(gauge["max"], 0):
            yield f"{day['_id']}: {taken} seats taken of {gauge['max']} in {gauge['name']}"


def waiting_lists_hold(day: Document) -> Iterator[str]:
    """No list is longer than its limit, and each stands in the order of arrival."""
    for slot in day["slots"]:
        queue = [entry["seq"] for entry in day["waiting"] if entry["slot"] == slot["id"]]
        if slot["waiting"] != len(queue):
            yield f"{day['_id']}: {slot['id']} says {slot['waiting']} waiting, {len(queue)} are"
        if slot["waiting_max"] is not None and len(queue) > slot["waiting_max"]:
            yield f"{day['_id']}: {len(queue)} wait in {slot['id']}, {slot['waiting_max']} may"
        if queue != sorted(queue):
            yield f"{day['_id']}: the list of {slot['id']} is out of order"


def nobody_waits_beside_a_free_seat(day: Document, now: datetime) -> Iterator[str]:
    """While promotion is open, who waits waits for a seat that is taken."""
    full = {g["name"] for g in day["gauges"] if g["max"] is not None and g["taken"] >= g["max"]}
    slots = {slot["id"]: slot for slot in day["slots"]}
    for entry in day["waiting"]:
        slot = slots[entry["slot"]]
        closes_at = slot["cancelling_closes_at"]
        promotes = slot["open"] and (slot["promotes_late"] or closes_at is None or now < closes_at)
        if promotes and not full.intersection(entry["gauges"]):
            yield f"{day['_id']}: {entry['booking_id']} waits beside a free seat"


def a_child_stands_once(day: Document) -> Iterator[str]:
    """A child has at most one claim on a slot."""
    claims = Counter((entry["slot"], entry["child_id"]) for part in STANDING for entry in day[part])
    for (slot, child_id), count in claims.items():
        if count > 1:
            yield f"{day['_id']}: child {child_id} stands {count} times in {slot}"


def a_child_is_in_one_place(whereabouts: Whereabouts) -> Iterator[str]:
    """No child stands in two slots whose hours meet."""
    for (_, _, child_id), claims in whereabouts.items():
        for one, other in combinations(sorted(claims), 2):
            if one.slot != other.slot and other.starts_at < one.ends_at and one.starts_at < other.ends_at:
                yield f"child {child_id} is in two places: {one.booking_id} and {other.booking_id} meet"


def _hours(day: Document) -> Iterator[tuple[tuple[str, str, str], Claim]]:
    """When each child of a day is where; a slot that an earlier release wrote does not say until when."""
    slots = {slot["id"]: slot for slot in day["slots"] if slot.get("ends_at")}
    for entry in (entry for part in STANDING for entry in day[part] if entry["slot"] in slots):
        slot = slots[entry["slot"]]
        claim = Claim(slot["starts_at"], slot["ends_at"], entry["slot"], entry["booking_id"])
        yield (day["organisation_id"], day["day"], entry["child_id"]), claim


def the_projection_agrees(booking: Db, standing: Mapping[str, str]) -> Iterator[str]:
    """Every claim in the seats documents is a booking in the same state, and no other booking is live."""
    projected = {row["_id"]: row["state"] for row in booking["bookings"].find({}, {"state": 1})}
    for booking_id, state in standing.items():
        if projected.get(booking_id) != state:
            yield f"booking {booking_id} is {state}, its projection says {projected.get(booking_id)}"
    for booking_id, state in projected.items():
        if state in LIVE and booking_id not in standing:
            yield f"booking {booking_id} is projected as {state} and has no seat, wait or request"


def promotion_is_first_come_first_served(booking: Db) -> Iterator[str]:
    """Nobody still waits who came before somebody promoted in the same slot; lists are strict per slot."""
    waiting: dict[tuple[str, str], tuple[int, str]] = {}
    for day in booking["seats"].find({"waiting": {"$ne": []}}, {"waiting": 1}):
        for entry in day["waiting"]:
            place = (str(day["_id"]), str(entry["slot"]))
            waiting[place] = min(waiting.get(place, (entry["seq"], "")), (entry["seq"], entry["booking_id"]))
    queued = {"_id": {"$in": [day_id for day_id, _ in waiting]}}  # few days are
    for day in booking["seats"].find(queued, {"taken": 1}):
        for entry in day["taken"]:
            first = waiting.get((str(day["_id"]), str(entry["slot"])))
            was_waiting = (entry["first"] or {}).get("verdict") == "waitlisted"
            if first and was_waiting and entry["seq"] > first[0]:
                yield f"{day['_id']}: {entry['booking_id']} overtook {first[1]} on the waiting list"
