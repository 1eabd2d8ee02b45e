"""What was begun and left alone is finished by whoever comes next, and by nobody who is asked to.

Twice a service dies and stays dead until all it had in hand is overdue; then a new copy comes. Nobody asks
again, nobody looks: only the sweepers are left to do it.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from chassis.testing.waiting import eventually
from tests.chaos import points
from tests.chaos.families import FREE, HOT, PREPAID, TIMEOUT_S, Family, Sent, click_pay

HOLD_S, LEASE_S = 40, 40
"""Long enough for a busy machine to have stopped booking by then, also when its supervisor was quicker."""
DIES_OVER_ITS_THIRD = "booking.confirm.after_begin"
DIES_BEFORE_IT_SPEAKS = "billing.relay.before_publish"


@dataclass(frozen=True)
class Case:
    """A family, what it asked, and what it was answered, if it was."""

    family: Family
    sent: Sent
    answer: dict[str, Any]

    @property
    def booking_id(self) -> str:
        [line] = self.answer["lines"]
        return line["booking_id"]


# ---- booking dies over a confirmation that it has just written, and holds run out meanwhile


@pytest.fixture(scope="module")
def left_by_booking(stack, quiet_families, booking):
    """(who holds a seat and does not pay, who waits for it, who was never answered)."""
    holder, waiter, asker = quiet_families[:3]
    unpaid = holder.about_to_ask_for(HOT, holder.quiet_days, "held")
    day = holder.review["bookings"][0]["day"]
    unanswered = asker.about_to_ask_for(FREE, asker.days[FREE], "accepted")
    armed = {"booking": [f"{DIES_OVER_ITS_THIRD}=kill@3"]}
    marks = points.arm(stack, armed, {"BOOKING_HOLD_S": str(HOLD_S), "BOOKING_LEASE_S": str(LEASE_S)})
    held = Case(holder, unpaid, holder.insist(unpaid))
    wanted = waiter.about_to_ask_for(HOT, [day], "waitlisted")
    waits = Case(waiter, wanted, waiter.insist(wanted))
    with ThreadPoolExecutor(1) as pool:
        once = pool.submit(asker.person.ask_once, "POST", unanswered.path, **as_asked(unanswered))
        eventually(marks.fired)
        stack.stop_program("booking")
        assert once.result() is None or not once.result().ok
    assert [held.answer["lines"][0]["verdict"], waits.answer["lines"][0]["verdict"]] == ["held", "waitlisted"]
    [left] = booking["confirmations"].find({"state": "open"})
    held_until = datetime.fromisoformat(held.answer["payment"]["held_until"])
    until(max(held_until, left["lease_until"]))
    assert booking["bookings"].find_one({"_id": held.booking_id})["state"] == "held"
    stack.restart("booking")
    return held, waits, Case(asker, unanswered, {"id": left["_id"]})


def as_asked(sent):
    return {"json": sent.body, "headers": {"Idempotency-Key": sent.key}}


def until(instant):
    threading.Event().wait((instant - datetime.now(UTC)).total_seconds())


def test_a_confirmation_left_alone_is_answered_although_nobody_asks_again(left_by_booking, databases, holds):
    *_, left = left_by_booking
    confirmations, mails = databases["booking"]["confirmations"], databases["notify"]["messages"]
    answered = {"_id": left.answer["id"], "state": "answered"}
    found = eventually(lambda: confirmations.find_one(answered))
    told = {"dedupe_key": {"$regex": f"^confirmation:{found['_id']}:"}}
    eventually(lambda: mails.find_one(told))
    assert left.family.insist(left.sent)["id"] == found["_id"]
    assert [line["verdict"] for line in left.sent.answer["lines"]] == ["accepted"]
    assert holds() == []


def test_a_hold_that_ran_out_is_freed_although_nobody_looks_and_the_next_one_moves_up(
    left_by_booking, booking, holds
):
    held, waits, _ = left_by_booking
    state = lambda case: booking["bookings"].find_one({"_id": case.booking_id})["state"]  # noqa: E731
    eventually(lambda: (state(held), state(waits)) == ("expired", "held"))
    assert holds() == []


# ---- billing dies before it can tell of a payment, and is asked and paid meanwhile


@pytest.fixture(scope="module")
def left_by_billing(stack, quiet_families, databases):
    """(whose payment was not told, whose payment nobody noticed, whose order nobody settled)."""
    untold, unnoticed = (due(family) for family in quiet_families[3:5])
    asker = quiet_families[5]
    unsettled = asker.about_to_ask_for(PREPAID, asker.days[PREPAID], "held")
    pages = [each.family.person.start_payment(each.answer["id"]) for each in (untold, unnoticed)]
    drop(stack, pages[1]["id"])
    marks = points.arm(stack, {"billing": [f"{DIES_BEFORE_IT_SPEAKS}=kill@1+"]})
    click_pay(pages[0]["page_url"])
    eventually(lambda: marks.passed(DIES_BEFORE_IT_SPEAKS))
    stack.stop_program("billing")
    click_pay(pages[1]["page_url"])
    silent = Case(asker, unsettled, asker.insist(unsettled))
    assert silent.answer["payment"]["state"] == "pending"
    assert outbox_of(databases, untold)["pending"]
    assert payment_of(databases, unnoticed)["state"] != "paid"
    stack.restart("billing")
    return untold, unnoticed, silent


def due(family):
    sent = family.about_to_ask_for(PREPAID, family.days[PREPAID], "held")
    return Case(family, sent, family.insist(sent))


def drop(stack, reference):
    fault = {"reference": reference, "drop_notification": True}
    requests.post(f"{stack.payment_url}/api/faults", json=fault, timeout=TIMEOUT_S).raise_for_status()


def outbox_of(databases, case):
    told = {"name": "payment_settled", "data.settlement_id": case.answer["id"]}
    return databases["billing"]["outbox"].find_one(told)


def payment_of(databases, case):
    return databases["billing"]["payments"].find_one({"parts.settlement_id": case.answer["id"]})


def receipt_of(databases, case):
    paid = {"allocations.settlement_id": case.answer["id"]}
    return databases["billing"]["received"].find_one(paid)["receipt_number"]


def is_accepted(databases, case):
    return databases["booking"]["bookings"].find_one({"_id": case.booking_id})["state"] == "accepted"


def test_a_payment_that_was_kept_and_never_told_is_told(left_by_billing, databases, holds):
    untold, *_ = left_by_billing
    eventually(lambda: is_accepted(databases, untold))
    assert "pending" not in outbox_of(databases, untold)
    assert holds() == []


def test_a_payment_that_nobody_told_of_and_nobody_came_back_from_is_found(left_by_billing, databases, holds):
    _, unnoticed, _ = left_by_billing
    eventually(lambda: is_accepted(databases, unnoticed))
    assert receipt_of(databases, unnoticed)
    assert holds() == []


def test_an_order_that_billing_never_heard_of_is_settled_although_nobody_asks_again(
    left_by_billing, databases, holds
):
    *_, silent = left_by_billing
    settlements = databases["billing"]["settlements"]
    eventually(lambda: settlements.find_one({"id": silent.answer["id"]}))
    assert holds() == []
    click_pay(silent.family.person.start_payment(silent.answer["id"])["page_url"])
    eventually(lambda: is_accepted(databases, silent))
    assert holds() == []
