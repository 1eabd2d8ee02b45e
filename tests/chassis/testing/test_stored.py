"""Golden examples of documents: what is read for ever, and what is written now."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from chassis.storage.documents import KEY, Form, Mapper
from chassis.testing import stored
from chassis.testing.stored import Stored


@dataclass(frozen=True)
class Bulb:
    watts: int


@dataclass(frozen=True)
class Lamp:
    id: str
    lit_at: datetime
    bulbs: tuple[Bulb, ...] = ()
    room: str | None = None


MAPPER = Mapper(Form(Lamp, names=KEY))
LAMP = Stored.by(MAPPER, Lamp, "lamp", beside={"organisation_id"})
DOCUMENT = {
    "_id": "lamp-1",
    "organisation_id": "town",
    "lit_at": datetime(2026, 11, 16, 8, tzinfo=UTC),
    "bulbs": [{"watts": 5}],
    "room": "hall",
}


@pytest.fixture
def keep(tmp_path):
    def write(place, document):
        path = tmp_path / f"{place}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(stored.dumps(document), encoding="utf-8")

    return write


def test_an_example_is_read_and_written_as_it_lies_in_the_database(keep, tmp_path):
    keep("v1/lamp", DOCUMENT)
    assert '"$date": "2026-11-16T08:00:00Z"' in (tmp_path / "v1/lamp.json").read_text()
    assert stored.faults(tmp_path, [LAMP]) == []


def test_variants_show_together_what_one_document_can_not(keep, tmp_path):
    keep("v1/lamp", DOCUMENT | {"room": None})
    assert stored.faults(tmp_path, [LAMP]) == ["lamp.room: never filled"]
    keep("v1/lamp.in_a_room", DOCUMENT | {"bulbs": []})
    assert stored.faults(tmp_path, [LAMP]) == []


def test_an_old_example_is_read_and_no_longer_what_is_written(keep, tmp_path):
    keep("v1/lamp", {"_id": "lamp-1", "lit_at": DOCUMENT["lit_at"], "wattage": 5})
    keep("v2/lamp", DOCUMENT)
    assert stored.faults(tmp_path, [LAMP]) == []


def test_a_form_that_did_not_change_needs_no_example_in_a_later_version(keep, tmp_path):
    keep("v1/lamp", DOCUMENT)
    keep("v2/bulb", {"watts": 5})
    assert stored.faults(tmp_path, [LAMP, Stored.by(MAPPER, Bulb, "bulb")]) == []


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (
            {name: value for name, value in DOCUMENT.items() if name != "lit_at"},
            "v1/lamp.json: not read any more: UnreadableDocument: Lamp: KeyError: 'lit_at'",
        ),
        (DOCUMENT | {"colour": "red"}, "v1/lamp.json: colour is not written any more"),
        (
            {name: value for name, value in DOCUMENT.items() if name != "room"},
            "v1/lamp.json: room is written too",
        ),
        (
            {name: value for name, value in DOCUMENT.items() if name != "organisation_id"},
            "v1/lamp.json: organisation_id, which the store puts beside, is not there",
        ),
        (
            DOCUMENT | {"bulbs": [{"watts": 5, "colour": "red"}]},
            "v1/lamp.json: bulbs is written as [{'watts': 5}]",
        ),
        (DOCUMENT | {"bulbs": []}, "lamp.bulbs: never filled"),
    ],
)
def test_an_example_that_is_not_of_todays_form_is_named(keep, tmp_path, document, fault):
    keep("v1/lamp", document)
    assert stored.faults(tmp_path, [LAMP]) == [fault]


def test_every_kind_has_an_example_and_every_example_a_kind(keep, tmp_path):
    keep("v1/fan", {"_id": "fan-1"})
    assert stored.faults(tmp_path, [LAMP]) == ["lamp: no example", "v1/fan.json: an example of nothing"]


def test_whatever_a_reader_raises_its_example_is_not_read(keep, tmp_path):
    keep("v1/lamp", DOCUMENT)
    broken = Stored("lamp", lambda _: 1 // 0, dict)
    assert stored.faults(tmp_path, [broken]) == [
        "v1/lamp.json: not read any more: ZeroDivisionError: integer division or modulo by zero"
    ]
