from dataclasses import replace
from datetime import timedelta

import pytest
from eventlet import spawn

from chassis.values.scope import Scope
from notify.outgoing import rules
from notify.outgoing.store import LEASE_S, MessageStore
from tests.notify.conftest import NOW, a_message, keep_letter

TOWN, ROY = Scope("o1"), Scope("o1", "f1")


@pytest.fixture
def store(mongo_database):
    MessageStore.ensure_indexes(mongo_database)
    made = MessageStore(mongo_database)
    made.database = mongo_database
    return made


def message(number=1, organisation_id="o1"):
    return a_message(f"{organisation_id}-{number}", organisation_id=organisation_id)


def keep(store, number, *more):
    """A letter about one thing, to the contacts of the day."""
    keep_letter(store.database, TOWN, f"receipt:o1-{number}", [message(number), *more])


def test_a_letter_that_was_written_is_written_to_nobody_again(store):
    keep(store, 1)
    keep(store, 1, a_message("new", organisation_id="o1", dedupe_key="receipt:o1-1:new@x.example"))
    keep(store, 2)
    assert sorted(one.id for one in store.messages_of(ROY, 10)) == ["o1-1", "o1-2"]


def test_the_letters_of_files_that_were_found_to_be_one_are_listed_together(store):
    keep(store, 1)
    assert store.messages_of(Scope("o1", "double"), 10) == []
    assert len(store.messages_of(Scope("o1", "double", merged_family_ids=("f1",)), 10)) == 1


def test_one_message_is_read_by_its_family_alone(store):
    keep(store, 1)
    assert store.read(ROY, "o1-1", "acc-1").id == "o1-1"
    assert store.read(Scope("o1", "double", merged_family_ids=("f1",)), "o1-1", "acc-2").id == "o1-1"
    for other in (Scope("o1", "f2"), Scope("o2", "f1"), Scope("o1")):
        assert store.read(other, "o1-1", "acc-3") is None


def test_two_contacts_who_share_an_address_get_one_mail(store):
    keep(store, 1, message(1))
    assert [one.id for one in store.messages_of(ROY, 10)] == ["o1-1"]


def test_a_letter_told_by_two_at_once_is_written_once(store):
    both = [spawn(keep, store, 1), spawn(keep, store, 1)]
    for each in both:
        each.wait()
    assert [one.id for one in store.messages_of(ROY, 10)] == ["o1-1"]


def test_the_same_dedupe_key_in_another_organisation_is_another_message(store):
    key = message(1).dedupe_key
    keep_letter(store.database, TOWN, key, [message(1)])
    keep_letter(store.database, Scope("o2"), key, [replace(message(1, "o2"), dedupe_key=key)])
    assert [one.id for one in store.messages_of(Scope("o2", "f1"), 10)] == ["o2-1"]


def test_two_postmen_never_take_the_same_message(store):
    keep(store, 1)
    assert store.claim_due(NOW).id == "o1-1"
    assert store.claim_due(NOW) is None


def test_a_message_whose_postman_died_is_taken_again_after_its_lease(store):
    keep(store, 1)
    store.claim_due(NOW)
    again = store.claim_due(NOW + timedelta(seconds=LEASE_S))
    assert (again.id, again.attempts) == ("o1-1", 2)


def test_a_sent_message_is_never_taken_again(store):
    keep(store, 1)
    store.settle(rules.sent(store.claim_due(NOW), NOW))
    assert store.claim_due(NOW + timedelta(days=1)) is None
    assert store.messages_of(ROY, 1)[0].sent_at == NOW


def test_another_organisation_sees_nothing(store):
    keep(store, 1)
    assert store.messages_of(Scope("o2", "f1"), 10) == []


def test_every_query_has_its_index(store, mongo_database):
    keep(store, 1)
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
