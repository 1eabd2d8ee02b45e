"""The positive control of every other test here: what is broken on purpose is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pymongo import MongoClient

from deploy.fsck import report
from deploy.local import fsck, town

SOME_TIME_AGO = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def copies(stack, served):
    """Copies of all databases, in which documents may be broken; and where fsck finds them."""
    where = fsck.where(stack)
    names = {service: f"broken-{name}" for service, name in where.names.items()}
    with MongoClient(where.mongodb_uri, tz_aware=True) as client:
        for service, name in where.names.items():
            client.drop_database(names[service])
            for collection in client[name].list_collection_names():
                stages = [{"$match": {}}, {"$out": {"db": names[service], "coll": collection}}]
                client[name][collection].aggregate(stages)
        yield {service: client[name] for service, name in names.items()}, replace(where, names=names)
        for name in names.values():
            client.drop_database(name)


def one_more_seat_taken(booking, **_):
    day = booking["seats"].find_one({"gauges.max": 1, "taken.0": {"$exists": True}})
    other = day["taken"][0] | {"booking_id": "sold-twice", "child_id": "somebody-else"}
    booking["seats"].update_one(
        {"_id": day["_id"]}, {"$push": {"taken": other}, "$inc": {"gauges.0.taken": 1}}
    )


def a_gauge_that_counts_wrongly(booking, **_):
    booking["seats"].update_one({"taken.0": {"$exists": True}}, {"$inc": {"gauges.0.taken": -1}})


def a_wait_beside_a_free_seat(booking, **_):
    now = datetime.now(UTC)
    closes = {"slots.0.cancelling_closes_at": {"$gt": now}}
    day = booking["seats"].find_one({"waiting.0": {"$exists": True}, "taken.0": {"$exists": True}, **closes})
    booking["seats"].update_one({"_id": day["_id"]}, {"$set": {"taken": [], "gauges.0.taken": 0}})


def a_lost_projection(booking, **_):
    live = booking["seats"].find_one({"taken.0": {"$exists": True}})["taken"][0]
    booking["bookings"].delete_one({"_id": live["booking_id"]})


def a_child_in_two_places(booking, **_):
    """The child of one day stands in another activity of that day too, whose hours are made to meet."""
    day = booking["seats"].find_one({"taken.0": {"$exists": True}})
    other = booking["seats"].find_one({"day": day["day"], "pool_id": {"$ne": day["pool_id"]}})
    again = day["taken"][0] | {"booking_id": "elsewhere", "slot": other["slots"][0]["id"]}
    hours = {f"slots.0.{name}": day["slots"][0][name] for name in ("starts_at", "ends_at")}
    booking["seats"].update_one({"_id": other["_id"]}, {"$push": {"taken": again}, "$set": hours})


def a_child_twice(booking, **_):
    day = booking["seats"].find_one({"gauges.max": 90, "taken.0": {"$exists": True}})
    again = day["taken"][0] | {"booking_id": "the-same-child"}
    booking["seats"].update_one(
        {"_id": day["_id"]}, {"$push": {"taken": again}, "$inc": {"gauges.0.taken": 1}}
    )


def an_event_that_was_not_sent(booking, **_):
    event = {"name": "booking_accepted", "at": SOME_TIME_AGO}
    booking["confirmations"].update_one({"state": "answered"}, {"$push": {"events": event}})


def an_outbox_row_that_was_not_sent(billing, **_):
    row = {"_id": "r", "name": "payment_settled", "pending": "x", "occurred_at": SOME_TIME_AGO}
    billing["outbox"].insert_one(row)


def a_confirmation_without_answer(booking, **_):
    booking["confirmations"].update_one({"state": "answered"}, {"$set": {"state": "open"}})


def a_line_without_verdict(booking, **_):
    booking["confirmations"].update_one({"lines.0": {"$exists": True}}, {"$set": {"lines.0.answer": None}})


def a_seat_that_nobody_paid(booking, billing, **_):
    paid = booking["bookings"].find_one({"state": "accepted", "charging_mode": "prepaid"})
    billing["charges"].delete_one({"booking_id": paid["_id"]})


def a_payment_without_seat(booking, billing, **_):
    charge = billing["charges"].find_one({"credited_cents": 0})
    booking["bookings"].update_one({"_id": charge["booking_id"]}, {"$set": {"state": "expired"}})


def a_cent_that_came_from_nowhere(billing, **_):
    billing["accounts"].update_one({}, {"$inc": {"balance_cents": 1}})


def an_expectation_that_was_lost(billing, **_):
    billing["consumptions"].delete_one({"state": "to_charge"})


def a_hold_that_can_not_be_paid(booking, billing, **_):
    held = booking["bookings"].find_one({"state": "held"})
    billing["settlements"].delete_one({"parts.lines.booking_id": held["_id"]})


def a_mail_that_was_lost(notify, **_):
    notify["messages"].delete_one({"kind": "confirmation"})


def a_receipt_that_was_lost(notify, **_):
    notify["messages"].delete_one({"kind": "receipt"})


def a_mail_that_still_waits(notify, **_):
    notify["messages"].update_one({}, {"$set": {"state": "queued", "created_at": SOME_TIME_AGO}})


def a_role_that_was_taken_away(identity, **_):
    session = identity["sessions"].find_one()
    identity["accounts"].update_one({"_id": session["account_id"]}, {"$set": {"memberships": []}})


def a_child_of_whom_nobody_told_booking(booking, **_):
    booking["children"].update_one({"family_ids": {"$exists": True}}, {"$unset": {"sequence": ""}})


def an_enrolment_that_was_not_heard(booking, **_):
    child = booking["children"].find_one({"sequence": {"$exists": True}, "enrolments": {"$exists": True}})
    [first, *_] = child["enrolments"]
    booking["children"].update_one({"_id": child["_id"]}, {"$unset": {f"enrolments.{first}": ""}})


def a_family_whose_last_word_was_not_heard(notify, **_):
    notify["families"].update_one({}, {"$inc": {"sequence": -1}})


def an_account_of_a_family_that_is_not_there(identity, **_):
    identity["accounts"].update_one(
        {"memberships.0.family_id": {"$type": "string"}}, {"$set": {"memberships.0.family_id": "f1"}}
    )


def a_price_of_nothing(billing, **_):
    billing["tariffs"].update_one({}, {"$set": {"activity_id": "nosuch"}})


def an_enrolment_in_nothing(family, **_):
    family["enrolments"].update_one({}, {"$set": {"activity_id": "nosuch"}})


NO_GRACE = timedelta(0)
BREAKAGES = {
    a_child_of_whom_nobody_told_booking: "booking: children",
    an_enrolment_that_was_not_heard: "booking: enrolments",
    a_family_whose_last_word_was_not_heard: "notify: families",
    a_role_that_was_taken_away: "its account does not have",
    one_more_seat_taken: "2 seats taken of 1",
    a_gauge_that_counts_wrongly: "says",
    a_wait_beside_a_free_seat: "waits beside a free seat",
    a_lost_projection: "its projection says None",
    a_child_twice: "stands 2 times",
    a_child_in_two_places: "is in two places",
    an_event_that_was_not_sent: "holds events that were never sent",
    an_outbox_row_that_was_not_sent: "was never sent",
    a_line_without_verdict: "have no verdict",
    a_seat_that_nobody_paid: "was never charged",
    a_payment_without_seat: "nothing was given back",
    a_cent_that_came_from_nowhere: "billing of",
    an_expectation_that_was_lost: "billing does not expect it",
    a_hold_that_can_not_be_paid: "no settlement names it",
    a_mail_that_was_lost: "was told",
    a_receipt_that_was_lost: "was told",
    a_mail_that_still_waits: "waits to be sent",
    a_confirmation_without_answer: "was never answered",
    an_account_of_a_family_that_is_not_there: "names f1, which is not among the families of family",
    a_price_of_nothing: "names nosuch, which is not among the activities of booking",
    an_enrolment_in_nothing: "family: enrolment",
}
"""By what breaks it: the words of the finding. In this order, since what is unanswered is not looked into."""


def test_what_is_broken_on_purpose_is_found(copies):
    databases, where = copies
    found = set(report.converged(where, within_s=0))
    assert found == set()
    for break_it, words in BREAKAGES.items():
        break_it(**databases)
        now = set(report.run(where, NO_GRACE))  # the copies are quiet, however young what is in them
        assert any(words in finding for finding in now - found), (break_it.__name__, now - found)
        found = now


def test_a_copy_that_is_behind_is_found_and_mended_by_republishing(stack, booking, holds):
    assert holds() == []
    child = booking["children"].find_one({"sequence": {"$exists": True}, "enrolments": {"$exists": True}})
    booking["children"].delete_one({"_id": child["_id"]})
    organisation = booking["organisations"].find_one({"_id": child["organisation_id"]})
    booking["organisations"].update_one({"_id": organisation["_id"]}, {"$inc": {"sequence": -1}})
    found = "\n".join(report.run(fsck.where(stack), NO_GRACE))
    assert f"children {child['_id']}" in found
    assert f"organisations {organisation['_id']}" in found
    for owner in ("identity", "family"):
        town.run_command(stack, owner, ["republish", "--organisation", organisation["slug"]])
    assert holds() == []
    assert booking["children"].find_one({"_id": child["_id"]}) == child
