"""What waits to be told, and what has been told, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.values.scope import Scope
from notify.news.model import News, Thing
from notify.news.store import NewsStore
from notify.outgoing.store import MessageStore
from notify.vocabulary import Contact, MessageKind
from tests.notify.conftest import a_message

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
TOWN, THING = Scope("o"), Thing("promotion:b1:")


def a_news(news_id="n1", due_at=NOW, **fields):
    return News(
        **{
            "id": news_id,
            "organisation_id": "o",
            "family_id": "f1",
            "recipient": Contact("Ana", "ana@x.example", "g1"),
            "about": MessageKind.PROMOTION,
            "key": THING.key,
            "alias": "",
            "event": "seat_promoted",
            "data": {"booking_id": "b1"},
            "happened_at": NOW - timedelta(hours=1),
            "due_at": due_at,
            **fields,
        }
    )


def a_mail(about="promotion:n1:"):
    return a_message(f"m-{about}", dedupe_key=f"{about}ana@x.example")


@pytest.fixture
def store(mongo_database):
    MessageStore.ensure_indexes(mongo_database)
    NewsStore.ensure_indexes(mongo_database)
    return NewsStore(mongo_database)


@pytest.fixture
def told(store, mongo_database):
    """Tell what waits beside the first, and give the ids of what the mail was made of."""

    def tell(first, now=NOW, about="promotion:n1:"):
        seen = []

        def write(news):
            seen.append([each.id for each in news])
            return a_mail(about)

        store.tell(first, now, NOW + timedelta(days=1), write)
        return seen[-1] if seen else None

    return tell


def test_a_thing_that_was_kept_is_not_kept_again(store, mongo_database):
    store.keep(TOWN, THING, [], [a_news()])
    store.keep(TOWN, THING, [], [a_news("n2", recipient=Contact("Bo", "bo@x.example"))])
    assert [row["_id"] for row in mongo_database["news"].find()] == ["n1"]


def test_a_thing_of_which_a_mail_was_written_by_an_earlier_release_is_not_kept(store, mongo_database):
    store.keep(TOWN, THING, [a_mail(THING.key)], [])
    store.keep(TOWN, THING, [], [a_news()])
    assert mongo_database["news"].count_documents({}) == 0


def test_one_mail_tells_all_that_waits_and_nothing_twice(store, told, mongo_database):
    store.keep(TOWN, THING, [], [a_news()])
    store.keep(
        TOWN, Thing("promotion:b2:"), [], [a_news("n2", NOW + timedelta(seconds=5), key="promotion:b2:")]
    )
    first = store.next_waiting(NOW)
    assert told(first) == ["n1", "n2"]
    assert told(first) is None
    assert store.next_waiting(NOW + timedelta(days=9)) is None
    assert [row["dedupe_key"] for row in mongo_database["messages"].find()] == ["promotion:n1:ana@x.example"]


def test_what_is_of_another_reader_kind_or_family_waits(store, told):
    for number, other in enumerate(
        (
            {"recipient": Contact("Bo", "bo@x.example")},
            {"about": MessageKind.SEAT_LOST},
            {"family_id": "f2"},
            {"organisation_id": "o2"},
        )
    ):
        store.keep(
            Scope(other.get("organisation_id", "o")),
            Thing(f"k{number}"),
            [],
            [a_news(f"x{number}", key=f"k{number}", **other)],
        )
    store.keep(TOWN, THING, [], [a_news()])
    assert told(a_news()) == ["n1"]


def test_a_digest_takes_what_is_due_and_there_is_one_a_day(store, told, mongo_database):
    digest = {"about": MessageKind.DIGEST}
    store.keep(TOWN, THING, [], [a_news(**digest)])
    store.keep(TOWN, Thing("k2"), [], [a_news("n2", NOW + timedelta(days=1), key="k2", **digest)])
    assert told(store.next_waiting(NOW), about="digest:f1:2026-11-16:") == ["n1"]
    store.keep(TOWN, Thing("k3"), [], [a_news("n3", key="k3", **digest)])  # heard at the same moment
    told(store.next_waiting(NOW), about="digest:f1:2026-11-16:")
    assert mongo_database["messages"].count_documents({}) == 1
    assert store.next_due(NOW) == NOW + timedelta(days=1)
    tomorrow = NOW + timedelta(days=1)
    assert told(store.next_waiting(tomorrow), tomorrow, "digest:f1:2026-11-17:") == ["n2", "n3"]


def test_news_of_which_nothing_is_to_be_told_are_done_with(store):
    store.keep(TOWN, THING, [], [a_news()])
    assert not store.tell(a_news(), NOW, NOW, lambda news: None)
    assert store.next_waiting(NOW) is None


def test_an_avoir_that_a_confirmation_tells_of_is_not_told_again_whichever_comes_first(store, mongo_database):
    avoir, alias = Thing("credit_note:n1:", "avoir:A-1"), "avoir:A-1"
    store.keep(TOWN, avoir, [], [a_news(key=avoir.key, alias=alias)])
    store.tell_elsewhere(TOWN, [alias, "avoir:A-2"], NOW)
    store.tell_elsewhere(TOWN, [alias, "avoir:A-2"], NOW)
    store.keep(TOWN, Thing("credit_note:n2:", "avoir:A-2"), [], [a_news("n2", alias="avoir:A-2")])
    assert store.next_waiting(NOW) is None
    assert mongo_database["news"].count_documents({"told_at": NOW}) == 3


def test_two_copies_that_tell_at_once_write_one_mail(store, mongo_database):
    for number in range(20):
        key = f"k{number}"
        store.keep(TOWN, Thing(key), [], [a_news(key, key=key)])
    with ThreadPoolExecutor(4) as copies:
        wrote = list(
            copies.map(
                lambda _: store.tell(a_news(), NOW, NOW, lambda news: a_mail(f"promotion:{news[0].id}:")),
                range(8),
            )
        )
    assert sum(wrote) == mongo_database["messages"].count_documents({}) == 1


def test_every_query_has_its_index(store, mongo_database):
    store.keep(TOWN, THING, [], [a_news()])
    waiting = {"due_at": {"$exists": True}}
    queries = [
        {"organisation_id": "o", "key": "k"},
        {"organisation_id": "o", "alias": "a"},
        {"organisation_id": "o", "alias": "a", **waiting},
        {"due_at": {"$lte": NOW}},
        {"organisation_id": "o", "family_id": "f1", "recipient.email": "x", "about": "digest", **waiting},
        {"organisation_id": "o", "family_id": "f1", "about": "digest", "due_at": {"$lte": NOW}},
    ]
    for query in queries:
        plan = mongo_database["news"].find(query).explain()["queryPlanner"]["winningPlan"]
        assert "COLLSCAN" not in str(plan), query


def test_what_a_reader_is_called_is_kept_as_it_was_heard(store):
    store.keep(TOWN, THING, [], [replace(a_news(), recipient=Contact("Zoé", "zoe@x.example", "g2"))])
    assert store.next_waiting(NOW).recipient == Contact("Zoé", "zoe@x.example", "g2")
