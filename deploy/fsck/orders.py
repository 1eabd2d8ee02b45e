"""Confirmations, and what they mean in money: seats against settled funds, and the other way round."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

Db = Database[dict[str, Any]]

PAID_FOR = ("accepted", "cancellation_requested")


def check(booking: Db, billing: Db, now: datetime, settled_within: timedelta) -> Iterator[str]:
    """Check confirmations, then every prepaid booking against its charge."""
    yield from confirmations_are_answered(booking, now - settled_within)
    yield from prepaid_seats_are_paid(booking, billing)
    yield from what_was_paid_is_a_seat_or_given_back(booking, billing)
    yield from nothing_was_charged_twice(billing)


def confirmations_are_answered(booking: Db, before: datetime) -> Iterator[str]:
    """No confirmation asked before `before` is open, and every line of an answered one has its verdict."""
    for row in booking["confirmations"].find({"asked_at": {"$lt": before}}):
        if row["state"] == "open":
            yield f"confirmation {row['_id']} was never answered"
            continue
        unresolved = [line["line"] for line in row["lines"] if not line.get("answer")]
        if unresolved:
            yield f"confirmation {row['_id']}: lines {unresolved} have no verdict"


def prepaid_seats_are_paid(booking: Db, billing: Db) -> Iterator[str]:
    """An accepted prepaid seat that costs something has a charge that was not given back."""
    charges = _charges(billing)
    query = {"charging_mode": "prepaid", "state": {"$in": list(PAID_FOR)}, "cost_cents": {"$ne": 0}}
    for row in booking["bookings"].find(query, {"state": 1}):
        charge = charges.get(row["_id"])
        if charge is None:
            yield f"booking {row['_id']} is {row['state']} and was never charged"
        elif charge["credited_cents"] >= charge["charged_cents"] > 0:
            yield f"booking {row['_id']} is {row['state']} and its price was given back"


def what_was_paid_is_a_seat_or_given_back(booking: Db, billing: Db) -> Iterator[str]:
    """A charge stands for a live booking, for one cancelled too late to be given back, or for an avoir."""
    states = {row["_id"]: row for row in booking["bookings"].find({}, {"history": 1, "state": 1})}
    for booking_id, charge in _charges(billing).items():
        if charge["credited_cents"] >= charge["charged_cents"]:
            continue
        row = states.get(booking_id)
        if row is None:
            yield f"booking {booking_id} was charged and is unknown"
        elif row["state"] == "expired":
            yield f"booking {booking_id} was charged, is {row['state']} and nothing was given back"
        elif row["state"] == "cancelled" and _cancelled_in_time(row):
            yield f"booking {booking_id} was cancelled in time and nothing was given back"


def nothing_was_charged_twice(billing: Db) -> Iterator[str]:
    """One settled part per booking at most."""
    seen: dict[str, str] = {}
    for settlement in billing["settlements"].find({"parts.state": "settled"}):
        for part in settlement["parts"]:
            if part["state"] != "settled":
                continue
            for line in part["lines"]:
                if other := seen.get(line["booking_id"]):
                    yield f"booking {line['booking_id']} is settled in {other} and in {settlement['id']}"
                seen[line["booking_id"]] = settlement["id"]


def _cancelled_in_time(row: Mapping[str, Any]) -> bool:
    return any(each.get("data", each).get("in_time") is True for each in row.get("history", ()))


def _charges(billing: Db) -> dict[str, dict[str, Any]]:
    return {row["booking_id"]: row for row in billing["charges"].find()}
