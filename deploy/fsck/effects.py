"""What one service's fact must have caused in another: each effect is there, and there once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pymongo.database import Database

Db = Database[dict[str, Any]]

CHARGED_LATER = ("invoiced", "wallet")
STANDS = ("accepted", "cancellation_requested")


def check(databases: Mapping[str, Db]) -> Iterator[str]:
    """Check what billing made of what booking said."""
    yield from what_is_charged_later_is_expected(databases["booking"], databases["billing"])
    yield from held_seats_can_be_paid(databases["booking"], databases["billing"])


def check_mails(databases: Mapping[str, Db], before: datetime) -> Iterator[str]:
    """Check what notify made of what booking and billing said before `before`."""
    yield from answers_are_mailed(databases["booking"], databases["notify"], before)
    yield from receipts_are_mailed(databases["billing"], databases["notify"], before)


def what_is_charged_later_is_expected(booking: Db, billing: Db) -> Iterator[str]:
    """Billing expects exactly the accepted bookings that are charged later."""
    query = {"charging_mode": {"$in": list(CHARGED_LATER)}, "state": {"$in": list(STANDS)}}
    accepted = {row["_id"] for row in booking["bookings"].find(query, {"_id": 1})}
    counted = Counter(row["booking_id"] for row in billing["consumptions"].find({"state": "to_charge"}))
    yield from (
        f"booking {one} is accepted and billing does not expect it" for one in accepted - set(counted)
    )
    yield from (f"booking {one} is expected by billing and not accepted" for one in set(counted) - accepted)
    yield from (f"booking {one} is expected {count} times" for one, count in counted.items() if count > 1)


def held_seats_can_be_paid(booking: Db, billing: Db) -> Iterator[str]:
    """Every held seat stands in a settlement, so that its family can pay before the hold ends."""
    held = {row["_id"] for row in booking["bookings"].find({"state": "held"}, {"_id": 1})}
    settled = billing["settlements"].distinct("parts.lines.booking_id") if held else []
    yield from (f"booking {one} is held and no settlement names it" for one in held - set(settled))


def answers_are_mailed(booking: Db, notify: Db, before: datetime) -> Iterator[str]:
    """Every answered confirmation is told to each contact of its family, once, or kept for their digest."""
    contacts = _contacts(notify)
    told = _letters(notify, "confirmation") + _in_digests(notify, "confirmation_answered")
    query = {"state": "answered", "answered_at": {"$lt": before}, "lines": {"$ne": []}}
    for row in booking["confirmations"].find(query, {"family_id": 1}):
        expected, found = contacts.get(row["family_id"], 0), told[row["_id"]]
        if found != expected:
            yield f"confirmation {row['_id']} was told {found} times to {expected} contacts"


def receipts_are_mailed(billing: Db, notify: Db, before: datetime) -> Iterator[str]:
    """Every payment that has a receipt is told to each contact of its family, once."""
    contacts = _contacts(notify)
    told = _letters(notify, "receipt")
    for (_, number), family_id in _receipts(billing, before).items():
        expected, found = contacts.get(family_id, 0), told[number]
        if found != expected:
            yield f"receipt {number} was told {found} times to {expected} contacts"


def _receipts(billing: Db, before: datetime) -> dict[tuple[str, str], str]:
    """Return the family of each receipt, by organisation and number, wherever a release keeps its payment."""
    shown = {"organisation_id": 1, "family_id": 1, "receipt_number": 1}
    rows = (
        row
        for collection, since in (("payments", "paid_at"), ("received", "received_at"))
        for row in billing[collection].find(
            {"receipt_number": {"$type": "string"}, since: {"$lt": before}}, shown
        )
    )
    return {(row["organisation_id"], row["receipt_number"]): row["family_id"] for row in rows}


def _contacts(notify: Db) -> dict[str, int]:
    """Count the addresses of each family; two guardians may share one."""
    return {
        row["family_id"]: len({contact["email"].casefold() for contact in row["contacts"]})
        for row in notify["families"].find()
    }


def _letters(notify: Db, kind: str) -> Counter[str]:
    """Count the letters of a kind by the thing they tell of."""
    keys = (row["dedupe_key"] for row in notify["messages"].find({"kind": kind}, {"dedupe_key": 1}))
    return Counter(key.removeprefix(f"{kind}:").rpartition(":")[0] for key in keys)


def _in_digests(notify: Db, event: str) -> Counter[str]:
    """Count the people who are told of a thing in a digest, soon or already, by the thing: "kind:id:"."""
    query = {"about": "digest", "event": event}
    return Counter(row["key"].split(":")[1] for row in notify["news"].find(query, {"key": 1}))
