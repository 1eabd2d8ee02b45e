"""Who asks and hears whom: every pair has its file of tests, and both sides speak a version in common."""

from pathlib import Path

import pytest
from marshmallow import Schema

from chassis.storage.outbox import EventType
from chassis.wire import topology
from deploy.rabbitmq.generate import SERVICES
from tests.contracts import language

HERE = Path(__file__).parent


def misunderstandings(events, handlers):
    """Say which handler is told nothing that it reads, and which earlier version nobody needs any more.

    `events`: the EventType by (producer, event). `handlers`: (consumer, producer, event, versions read).
    """
    said = []
    for consumer, producer, event, reads in handlers:
        told = events[producer, event].versions().keys()
        if not told & set(reads):
            said.append(f"{consumer} reads {producer}.{event} in none of the versions {sorted(told)}")
    for (producer, event), kind in events.items():
        read = {
            version
            for _, source, name, versions in handlers
            if (source, name) == (producer, event)
            for version in versions
        }
        said += [
            f"{producer}.{event} is still told in version {version}, which nobody reads"
            for version in sorted(set(kind.earlier) - read)
        ]
    return said


def kinds():
    return {
        (service, name): kind
        for service in SERVICES
        for name, kind in language.contract_of(service).EVENTS.items()
    }


def handlers():
    return [
        (consumer, producer, event, handler.versions)
        for consumer in SERVICES
        for (producer, event), handler in language.handlers_of(consumer).items()
    ]


def test_every_pair_that_speaks_has_a_file_of_tests_and_no_other():
    pairs = {f"test_{asker}_asks_{asked}" for asker, asked in language.who_asks_whom()}
    pairs |= {f"test_{hearer}_hears_{heard}" for hearer, heard in language.who_hears_whom()}
    assert {path.stem for path in HERE.glob("test_*_asks_*.py")} | {
        path.stem for path in HERE.glob("test_*_hears_*.py")
    } == pairs


def test_who_is_told_and_who_listens_are_the_same():
    assert topology.disagreements(language.described()) == []


def test_every_event_is_told_in_a_version_that_its_hearers_read():
    assert misunderstandings(kinds(), handlers()) == []


def event_type(*versions):
    *earlier, latest = versions
    return EventType(Schema, version=latest, subscribers=("meters",), earlier=dict.fromkeys(earlier, Schema))


@pytest.mark.parametrize(
    ("told", "read", "said"),
    [
        ((1,), [(1,)], []),
        ((1, 2), [(1,)], []),
        ((1, 2), [(1, 2)], []),
        ((1, 2), [(2,)], ["lamps.lit is still told in version 1, which nobody reads"]),
        ((1, 2), [(1,), (2,)], []),
        ((2,), [(2,)], []),
        ((2,), [(1,)], ["meters reads lamps.lit in none of the versions [2]"]),
        ((1,), [(2,)], ["meters reads lamps.lit in none of the versions [1]"]),
    ],
    ids=[
        "as ever",
        "the producer goes first",
        "then its consumers read both, for what still waits",
        "then they read the new one, and the old one has to go",
        "one of them is late",
        "the old version is gone",
        "it went too early",
        "a consumer went before its producer",
    ],
)
def test_a_new_version_comes_in_steps_that_each_keep_both_sides_speaking(told, read, said):
    hearers = [("meters", "lamps", "lit", versions) for versions in read]
    assert misunderstandings({("lamps", "lit"): event_type(*told)}, hearers) == said
