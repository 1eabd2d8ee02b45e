"""What became of messages, as staff and operators look it up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.testing.plans import recorded
from chassis.values.scope import Scope
from notify.outgoing import rules
from notify.outgoing.model import DeliveryState, MessageState
from notify.outgoing.store import MessageLog, MessageStore
from notify.vocabulary import RefusalReason
from tests.notify.conftest import NOW, a_message, keep_letter

TOWN, ELSEWHERE = Scope("o"), Scope("o2")
SENT = {"state": MessageState.SENT, "next_attempt_at": None, "sent_at": NOW}
FAILED = {"state": MessageState.FAILED, "next_attempt_at": None}
IN_STATE = {
    "waiting": {},
    "lease over": {"in_hand_until": NOW},
    "in hand": {"in_hand_until": NOW + timedelta(seconds=1)},
    "sent": SENT,
    "refused": {**FAILED, "reason": RefusalReason.REFUSED},
    "no address": {**FAILED, "reason": RefusalReason.ADDRESS},
    "failed long ago": FAILED,
    "busy for days": {**FAILED, "reason": RefusalReason.BUSY},
    "away for days": {**FAILED, "reason": RefusalReason.AWAY},
}
FOUND = {
    DeliveryState.WAITING: ["lease over", "waiting"],
    DeliveryState.SENDING: ["in hand"],
    DeliveryState.SENT: ["sent"],
    DeliveryState.FAILED: ["failed long ago", "no address", "refused"],
    DeliveryState.GIVEN_UP: ["away for days", "busy for days"],
}


@pytest.fixture
def keep(mongo_database):
    MessageStore.ensure_indexes(mongo_database)
    MessageLog.ensure_indexes(mongo_database)

    def keep(*messages):
        for message in messages:
            scope = Scope(message.organisation_id)
            keep_letter(mongo_database, scope, message.dedupe_key, [message])

    return keep


@pytest.fixture
def log(keep, mongo_database):
    return MessageLog(mongo_database)


@pytest.mark.parametrize("state", DeliveryState)
def test_a_message_is_found_in_the_state_that_people_are_told(keep, log, state):
    messages = [
        a_message(name, dedupe_key=f"receipt:{number}", **fields)
        for number, (name, fields) in enumerate(IN_STATE.items())
    ]
    keep(*messages)
    found = log.page(TOWN, state, NOW, 100)
    assert sorted(message.id for message in found) == FOUND[state]
    told = [message.id for message in messages if rules.delivery_state(message, NOW) is state]
    assert sorted(told) == FOUND[state]
    if state is not DeliveryState.SENT:
        assert sorted(message.id for message in log.of_all(state, NOW, 100)) == FOUND[state]


def test_pages_follow_one_another_also_where_messages_are_of_one_instant(keep, log):
    keep(*(a_message(f"m{number}", created_at=NOW - timedelta(seconds=number // 3)) for number in range(9)))
    seen, before = [], None
    while page := log.page(TOWN, DeliveryState.WAITING, NOW, 2, before):
        seen += [message.id for message in page]
        before = page[-1]
    assert seen == ["m2", "m1", "m0", "m5", "m4", "m3", "m8", "m7", "m6"]


def test_another_organisation_finds_and_replays_nothing(keep, log):
    gone = a_message("gone", **FAILED, reason=RefusalReason.REFUSED)
    keep(gone, replace(gone, id="theirs", organisation_id="o2"))
    assert log.message("gone", ELSEWHERE) is None
    assert [message.id for message in log.page(ELSEWHERE, DeliveryState.FAILED, NOW, 10)] == ["theirs"]
    assert log.replay(["gone"], ELSEWHERE) == 0
    assert log.replay_all(RefusalReason.REFUSED, ELSEWHERE) == 1
    assert log.message("gone") == gone


def test_what_is_replayed_begins_anew_under_its_id(keep, log, mongo_database):
    long_ago = NOW - timedelta(days=9)
    keep(a_message("gone", **FAILED, attempts=7, reason=RefusalReason.BUSY, created_at=long_ago))
    assert (log.replay(["gone"], TOWN), log.replay(["gone"], TOWN)) == (1, 0)
    again = log.message("gone", TOWN)
    assert (again.state, again.attempts) == (MessageState.QUEUED, 0)
    assert again.queued_at == again.next_attempt_at
    taken = MessageStore(mongo_database).claim_due(again.queued_at)
    assert taken.id == "gone"
    waits = rules.refused(taken, RefusalReason.BUSY, 451, "later", again.queued_at)
    assert waits.state is MessageState.QUEUED


def test_every_query_of_the_log_has_its_index(keep, log, mongo_database):
    keep(a_message())
    queries = [
        {"organisation_id": "o", "state": "queued", "in_hand_until": {"$gt": NOW}},
        {"organisation_id": "o", "state": "failed", "reason": {"$in": ["refused", None]}},
        {"_id": {"$in": ["m1"]}, "state": "failed"},
        {"_id": "m1", "organisation_id": "o"},
    ]
    for query in queries:
        plan = mongo_database["messages"].find(query).explain()["queryPlanner"]["winningPlan"]
        assert "COLLSCAN" not in str(plan), query


def test_the_page_says_how_many_mails_wait_since_when_and_how_many_did_not_leave(keep, log):
    hour = timedelta(hours=1)
    keep(
        a_message("first", created_at=NOW - 2 * hour, next_attempt_at=NOW + hour),
        a_message("second", created_at=NOW - hour),
        a_message("sent", **SENT),
        a_message("gone", **FAILED, reason=RefusalReason.REFUSED),
    )
    found = {reading.gauge.name: reading.value for reading in log.read_gauges(NOW)}
    waiting = {"marelle_mails_waiting": 2, "marelle_mails_oldest_seconds": 7_200}
    assert found == {**waiting, "marelle_mails_failed": 1}


def test_where_no_mail_waits_none_is_old(log):
    assert [reading.value for reading in log.read_gauges(NOW)] == [0, 0, 0]


def test_the_page_reads_no_mail(keep, log, mongo_database):
    keep(*(a_message(f"m{number}") for number in range(20)))
    with recorded(mongo_database) as plans:
        log.read_gauges(NOW)
    assert plans
    assert [plan for plan in plans if not plan[1].startswith(("IXSCAN", "COUNT_SCAN"))] == []
