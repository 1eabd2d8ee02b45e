from datetime import UTC, datetime, timedelta

import pytest

from notify.outgoing.model import Message, State, Text
from notify.outgoing.store import LEASE_S, MessageStore
from notify.vocabulary import Contact, Kind

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)


@pytest.fixture
def store(mongo_database):
    MessageStore.ensure_indexes(mongo_database)
    return MessageStore(mongo_database)


def message(number=1, organisation_id="o1", at=NOW):
    return Message(
        id=f"{organisation_id}-{number}",
        organisation_id=organisation_id,
        family_id="f1",
        kind=Kind.RECEIPT,
        dedupe_key=f"receipt:{number}",
        recipient=Contact("Côme", "come@carteville.example"),
        content=Text("s", "t", "<p>h</p>"),
        state=State.QUEUED,
        attempts=0,
        created_at=at,
        next_attempt_at=at,
        sent_at=None,
    )


def test_a_second_message_with_the_same_dedupe_key_is_left_out(store):
    store.keep_messages([message(1)])
    store.keep_messages([message(1), message(2)])
    assert [one.id for one in store.messages_of("o1", "f1", 10)] == ["o1-1", "o1-2"]


def test_two_postmen_never_take_the_same_message(store):
    store.keep_messages([message(1)])
    assert store.claim_due(NOW).id == "o1-1"
    assert store.claim_due(NOW) is None


def test_a_message_whose_postman_died_is_taken_again_after_its_lease(store):
    store.keep_messages([message(1)])
    store.claim_due(NOW)
    again = store.claim_due(NOW + timedelta(seconds=LEASE_S))
    assert (again.id, again.attempts) == ("o1-1", 2)


def test_a_sent_message_is_never_taken_again(store):
    store.keep_messages([message(1)])
    store.settle(store.claim_due(NOW), State.SENT, NOW, None, "")
    assert store.claim_due(NOW + timedelta(days=1)) is None
    assert store.messages_of("o1", "f1", 1)[0].sent_at == NOW


def test_another_organisation_sees_nothing(store):
    store.keep_messages([message(1)])
    assert store.messages_of("o2", "f1", 10) == []


def test_every_query_has_its_index(store, mongo_database):
    store.keep_messages([message(1)])
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
