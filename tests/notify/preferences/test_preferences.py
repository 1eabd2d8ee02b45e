"""How a person wants to be written to, on real parts."""

import pytest

from chassis.testing import Caller, person, running
from chassis.values.errors import Refused
from chassis.values.ids import new_id
from chassis.values.scope import Scope
from notify.preferences.model import Preferences, Telling
from notify.preferences.store import PreferencesStore
from notify.service import Notify

ORGANISATION = new_id()


@pytest.fixture
def store(mongo_database):
    PreferencesStore.ensure_indexes(mongo_database)
    return PreferencesStore(mongo_database)


@pytest.fixture
def asking(broker, mongo_database, monkeypatch):
    monkeypatch.setenv("NOTIFY_SMTP_URL", "smtp+plain://127.0.0.1:9")
    monkeypatch.setenv("NOTIFY_PUBLIC_URL", "https://portail.example")
    with (
        running(Notify, AMQP_URI=broker, MONGODB_DATABASE=mongo_database.name),
        Caller(amqp_uri=broker) as caller,
    ):
        yield caller


def ana(**fields):
    return person(**{"organisation_id": ORGANISATION, "family_id": "f1", "guardian_id": "ana", **fields})


def test_the_last_word_of_a_guardian_counts_in_its_organisation_alone(store):
    for telling in (Telling.DAILY, Telling.AT_ONCE, Telling.DAILY):
        store.put(Scope("o1"), "ana", Preferences(telling))
    assert store.of(Scope("o1"), ["ana", "bo"]) == {"ana": Preferences(Telling.DAILY)}
    assert store.of(Scope("o2"), ["ana"]) == {}


def test_a_person_is_told_at_once_until_they_decide_otherwise(asking):
    assert asking.call("notify", "get_preferences", ana()) == {
        "preferences": {"telling": "at_once", "digest_at": "07:00"}
    }
    asking.call("notify", "put_preferences", ana(), {"telling": "daily"})
    assert asking.call("notify", "get_preferences", ana())["preferences"]["telling"] == "daily"
    other = ana(guardian_id="bo")
    assert asking.call("notify", "get_preferences", other)["preferences"]["telling"] == "at_once"


def test_who_is_no_guardian_has_no_preferences(asking):
    for door, request in (("get_preferences", {}), ("put_preferences", {"telling": "daily"})):
        with pytest.raises(Refused) as refused:
            asking.call("notify", door, ana(guardian_id=None), request)
        assert refused.value.code == "not_found"
