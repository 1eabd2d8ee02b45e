"""What families lean on fails in one way after the other while they book: they are told so, and served again.

One crowd books through all of it, comes to rest, and then nothing may be lost. Each fault by itself, for
longer, and those that take long: `make chaos-faults`.
"""

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from chassis.testing.waiting import eventually
from tests.chaos import witness
from tests.chaos.faults.broker import out_of_disk, queue_full
from tests.chaos.faults.database import stepped_down
from tests.chaos.faults.mail import mails_meet, mails_to, send_again
from tests.chaos.faults.programs import frozen, killed, said, stopped
from tests.chaos.load import Crowd

CLIENTS, REST_S = 4, 0.25
ENDLESS = 100_000
HOWEVER_LATE = math.inf
"""How soon people are told is measured by `make chaos-faults`, which has the machine alone."""
AGAIN_AT_ONCE = 8
LEFT_IN_PEACE = 20
"""So many families find their days as they were: other tests need free ones."""


FAULTS = {
    "the broker is killed": (partial(killed, program="rabbitmq"), 0.0),
    "the database is killed": (partial(killed, program="mongod"), 0.0),
    "the database is frozen": (partial(frozen, program="mongod"), 3.0),
    "the database steps down": (stepped_down, 1.0),
    "booking is frozen": (partial(frozen, program="booking"), 3.0),
    "the broker has no room on its disk": (out_of_disk, 3.0),
    "a queue is full": (queue_full, 1.0),
}
FELT = FAULTS.keys() - {"the database is killed", "the database steps down", "a queue is full"}
"""Of a database that is back within 3 s nobody need be told; a full queue is nobody's trouble."""


def test_families_are_told_the_truth_through_a_bad_hour_and_lose_nothing(stack, families, holds):
    families = families[LEFT_IN_PEACE:]
    for family in families:
        family.sent.clear()
        family.person.seen.clear()
    with (
        witness.Visitor(families[-1].person) as visitor,
        Crowd(families, ENDLESS, CLIENTS, pause_s=REST_S) as many,
    ):
        many.goes_on()
        for name in FAULTS:
            families_are_told_and_served_again(stack, many, name)
        mails_that_are_refused_leave_later(stack, families[:3])
        mails_written_while_their_server_is_away_leave_later(stack, many)
        many.enough()
    assert witness.wrongs(visitor.seen, HOWEVER_LATE) == []
    assert holds() == []
    with ThreadPoolExecutor(AGAIN_AT_ONCE) as pool:
        assert [each for found in pool.map(answered_otherwise, families) for each in found] == []
    assert holds() == []


def families_are_told_and_served_again(stack, many, name):
    inject, lasts_s = FAULTS[name]
    began = time.monotonic()
    with inject(stack) as happened:
        threading.Event().wait(lasts_s)  # the fault itself lasts this long
        assert eventually(happened), name
        assert name not in FELT or eventually(lambda: any(seen_since(many, began, witness.UNAVAILABLE))), name
    many.goes_on()
    assert witness.wrongs(seen_since(many, began), HOWEVER_LATE) == [], name


def seen_since(many, began, *statuses):
    seen = [each for family in many.families for each in list(family.person.seen)]
    return [each for each in seen if each.answered_at >= began and (not statuses or each.status in statuses)]


def mails_that_are_refused_leave_later(stack, families):
    """One is refused for now, one for good until somebody has it sent again, one is taken slowly."""
    faults = {"code": 451}, {"code": 550}, {"latency_s": 1.0}
    met = dict(zip((family.person.login for family in families), faults, strict=True))
    before = {login: len(mails_to(stack, login)) for login in met}
    with mails_meet(stack, met) as happened:
        eventually(happened)
    assert eventually(lambda: send_again(stack))
    for login, count in before.items():
        eventually(lambda login=login, count=count: len(mails_to(stack, login)) > count)


def mails_written_while_their_server_is_away_leave_later(stack, many):
    refused = said(stack, "notify", "mail_refused")
    with stopped(stack, "mail"):
        eventually(lambda: said(stack, "notify", "mail_refused") >= refused + 3)
        many.goes_on()
    eventually(lambda: any(mails_to(stack, family.person.login) for family in many.families))


def answered_otherwise(family):
    return [one.path for one in family.sent if family.insist(one) != one.answer]
