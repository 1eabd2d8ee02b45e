"""What notify remembers of others."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chassis.values.scope import Scope
from notify.copies.store import CopyStore
from notify.vocabulary import ChosenLanguage, Contact, Family, KeptSeat, Organisation

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
TOWN, ELSEWHERE = Scope("o1"), Scope("o2")


@pytest.fixture
def store(mongo_database):
    CopyStore.ensure_indexes(mongo_database)
    return CopyStore(mongo_database)


def test_an_older_event_changes_nothing(store):
    store.keep_family(TOWN, Family("f1", "Orsel", "en", (Contact("B", "b@x.example"),)), 2)
    store.keep_family(TOWN, Family("f1", "Orsel", "fr", ()), 1)
    assert store.family(TOWN, "f1").language == "en"


def test_the_latest_language_of_a_guardian_counts_in_its_organisation_alone(store):
    for language, sequence in (("fr", 0), ("en", 2), ("fr", 1)):
        store.keep_language(TOWN, ChosenLanguage("g1", language), sequence)
    assert store.chosen_languages(TOWN, ["g1", "g2"]) == {"g1": "en"}
    assert store.chosen_languages(ELSEWHERE, ["g1"]) == store.chosen_languages(TOWN, []) == {}


def test_a_seat_is_kept_as_it_was_first_told_to_be_paid(store):
    seat = KeptSeat("b1", "Zoé", "Repas", date(2026, 11, 16), "11:45", "13:30", "prepaid", 376)
    store.keep_held(TOWN, [seat], NOW)
    store.keep_held(TOWN, [replace(seat, child_name="Zoe")], NOW)
    store.keep_held(TOWN, [], NOW)
    assert store.held(TOWN, ["b1", "b2"]) == {"b1": seat}
    assert store.held(ELSEWHERE, ["b1"]) == store.held(TOWN, []) == {}
    store.give_up(ELSEWHERE, ["b1"])
    assert store.held(TOWN, ["b1"]) == {"b1": seat}
    store.give_up(TOWN, ["b1"])
    assert store.held(TOWN, ["b1"])["b1"].given_up


def test_another_organisation_sees_nothing(store):
    store.keep_family(TOWN, Family("f1", "Orsel", "fr", ()), 1)
    store.keep_organisation(TOWN, Organisation("o1", "Carteville", "carteville", "Europe/Paris"), 1)
    assert store.family(ELSEWHERE, "f1") is None
    assert store.organisation(ELSEWHERE) is None


def test_every_query_has_its_index(store, mongo_database):
    store.keep_family(TOWN, Family("f1", "Orsel", "fr", ()), 1)
    queries = {"families": {"organisation_id": "o1", "family_id": "f1"}, "organisations": {"_id": "o1"}}
    store.keep_language(TOWN, ChosenLanguage("g1", "fr"), 0)
    queries["chosen_languages"] = {"organisation_id": "o1", "guardian_id": {"$in": ["g1"]}}
    for collection, query in queries.items():
        plan = mongo_database[collection].find(query).explain()["queryPlanner"]["winningPlan"]
        assert "COLLSCAN" not in str(plan), (collection, query)
