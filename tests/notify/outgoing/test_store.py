from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.values.scope import Scope
from notify.outgoing import rules
from notify.outgoing.store import LEASE_S, MessageStore
from tests.notify.conftest import NOW, a_message

TOWN, ROY = Scope("o1"), Scope("o1", "f1")


@pytest.fixture
def store(mongo_database):
    MessageStore.ensure_indexes(mongo_database)
    return MessageStore(mongo_database)


def message(number=1, organisation_id="o1"):
    return a_message(f"{organisation_id}-{number}", organisation_id=organisation_id)


def test_a_second_message_with_the_same_dedupe_key_is_left_out(store):
    store.keep_messages(TOWN, [message(1)])
    store.keep_messages(TOWN, [message(1), message(2)])
    assert [one.id for one in store.messages_of(ROY, 10)] == ["o1-1", "o1-2"]


def test_the_same_dedupe_key_in_another_organisation_is_another_message(store):
    store.keep_messages(TOWN, [message(1)])
    store.keep_messages(Scope("o2"), [replace(message(1, "o2"), dedupe_key=message(1).dedupe_key)])
    assert [one.id for one in store.messages_of(Scope("o2", "f1"), 10)] == ["o2-1"]


def test_two_postmen_never_take_the_same_message(store):
    store.keep_messages(TOWN, [message(1)])
    assert store.claim_due(NOW).id == "o1-1"
    assert store.claim_due(NOW) is None


def test_a_message_whose_postman_died_is_taken_again_after_its_lease(store):
    store.keep_messages(TOWN, [message(1)])
    store.claim_due(NOW)
    again = store.claim_due(NOW + timedelta(seconds=LEASE_S))
    assert (again.id, again.attempts) == ("o1-1", 2)


def test_a_sent_message_is_never_taken_again(store):
    store.keep_messages(TOWN, [message(1)])
    store.settle(rules.sent(store.claim_due(NOW), NOW), "")
    assert store.claim_due(NOW + timedelta(days=1)) is None
    assert store.messages_of(ROY, 1)[0].sent_at == NOW


def test_another_organisation_sees_nothing(store):
    store.keep_messages(TOWN, [message(1)])
    assert store.messages_of(Scope("o2", "f1"), 10) == []


def test_every_query_has_its_index(store, mongo_database):
    store.keep_messages(TOWN, [message(1)])
    queries = {
        "messages": [
            {"organisation_id": "o1", "dedupe_key": "k"},
            {"organisation_id": "o1", "family_id": "f1"},
            {"state": "queued", "next_attempt_at": {"$lte": NOW}},
            {"_id": "o1-1", "organisation_id": "o1"},
        ],
    }
    for collection, filters in queries.items():
        for query in filters:
            plan = mongo_database[collection].find(query).explain()["queryPlanner"]["winningPlan"]
            assert "COLLSCAN" not in str(plan), (collection, query)
