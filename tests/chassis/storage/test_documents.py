"""How dataclasses lie in documents, both ways, and what stays readable while their classes change."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest

from chassis.storage.documents import KEY, Form, Mapper, UnreadableDocument

NOON = datetime(2026, 11, 16, 12, 0, 0, 123_000, UTC)


class Colour(StrEnum):
    WARM = "warm"
    COLD = "cold"


@dataclass(frozen=True, slots=True)
class Bulb:
    colour: Colour
    watts: int = 5


@dataclass(frozen=True, slots=True)
class Spell:
    began_at: datetime
    hours: int


@dataclass(frozen=True, slots=True)
class Place:
    room: str
    wall: str | None = None


@dataclass(frozen=True, slots=True)
class Lamp:
    id: str
    bought_on: date
    lit_at: time
    bulbs: tuple[Bulb, ...]
    spare: Bulb | None = None
    weekdays: frozenset[int] = frozenset()
    colours: tuple[Colour, ...] = ()
    spells: tuple[Spell, ...] = ()
    place: Place = Place("hall")
    notes: dict[str, Any] = field(default_factory=dict)
    by_name: dict[str, Bulb] = field(default_factory=dict)
    dusted_at: datetime | None = None
    broken_on: date | None = None


LAMP = Lamp(
    id="lamp-1",
    bought_on=date(2026, 9, 1),
    lit_at=time(7, 30),
    bulbs=(Bulb(Colour.WARM), Bulb(Colour.COLD, 7)),
    weekdays=frozenset({3, 1}),
    colours=(Colour.COLD,),
    spells=(Spell(NOON, 2),),
    notes={"heard": ["a hum"], "at": NOON},
    by_name={"left": Bulb(Colour.WARM)},
    dusted_at=NOON,
)

DOCUMENT = {
    "id": "lamp-1",
    "bought_on": "2026-09-01",
    "lit_at": "07:30",
    "bulbs": [{"colour": "warm", "watts": 5}, {"colour": "cold", "watts": 7}],
    "spare": None,
    "weekdays": [1, 3],
    "colours": ["cold"],
    "spells": [{"began_at": NOON, "hours": 2}],
    "place": {"room": "hall", "wall": None},
    "notes": {"heard": ["a hum"], "at": NOON},
    "by_name": {"left": {"colour": "warm", "watts": 5}},
    "dusted_at": NOON,
    "broken_on": None,
}


def test_a_class_without_a_form_is_stored_under_the_names_of_its_fields():
    assert Mapper().to_document(LAMP) == DOCUMENT


def test_what_was_stored_is_read_back_as_it_was():
    assert Mapper().from_document(Lamp, DOCUMENT) == LAMP


def test_a_database_gives_back_what_it_was_given(mongo_database):
    mapper = Mapper(Form(Lamp, names=KEY))
    mongo_database["lamps"].insert_one(mapper.to_document(LAMP))
    assert mapper.from_document(Lamp, mongo_database["lamps"].find_one()) == LAMP


def test_enums_lie_in_documents_by_their_plain_value():
    written = Mapper().to_document(LAMP)
    assert [type(each) for each in written["colours"]] == [str]
    assert type(written["bulbs"][0]["colour"]) is str


def test_instants_are_stored_in_utc_and_cut_to_milliseconds():
    here = timezone(timedelta(hours=2))
    spell = Spell(datetime(2026, 11, 16, 14, 0, 0, 123_456, here), 2)
    assert Mapper().to_document(spell) == {"began_at": NOON, "hours": 2}


def test_a_datetime_without_a_zone_is_not_stored():
    with pytest.raises(ValueError, match="without a zone"):
        Mapper().to_document(Spell(NOON.replace(tzinfo=None), 2))


def test_fields_that_a_class_does_not_know_are_ignored():
    assert Mapper().from_document(Bulb, {"colour": "cold", "watts": 7, "maker": "later"}) == Bulb(
        Colour.COLD, 7
    )


def test_fields_that_are_absent_take_the_default_of_their_class():
    assert Mapper().from_document(Bulb, {"colour": "cold"}) == Bulb(Colour.COLD, 5)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"watts": 5}, id="a field without default is absent"),
        pytest.param({"colour": "ultraviolet"}, id="a name that the enum does not have"),
        pytest.param(None, id="no document"),
    ],
)
def test_a_document_of_another_form_is_unreadable(document):
    with pytest.raises(UnreadableDocument, match="Bulb"):
        Mapper().from_document(Bulb, document)


def test_the_key_of_a_document_has_the_name_that_the_database_gives_it():
    mapper = Mapper(Form(Place, names={"room": "_id"}))
    assert mapper.to_document(Place("hall")) == {"_id": "hall", "wall": None}
    assert mapper.from_document(Place, {"_id": "hall"}) == Place("hall")


def test_what_the_filter_adds_to_an_upsert_is_not_written_but_read():
    mapper = Mapper(Form(Place, unwritten={"room"}))
    assert mapper.to_document(Place("hall", "north")) == {"wall": "north"}
    assert mapper.from_document(Place, {"wall": "north", "room": "hall"}) == Place("hall", "north")


def test_a_sparse_field_is_left_out_while_it_holds_its_default():
    mapper = Mapper(Form(Lamp, sparse={"spare", "notes"}))
    written = mapper.to_document(Lamp("lamp-2", LAMP.bought_on, LAMP.lit_at, ()))
    assert written.keys() == DOCUMENT.keys() - {"spare", "notes"}
    assert mapper.from_document(Lamp, written).notes == {}


def test_a_form_that_is_sparse_leaves_out_every_default():
    assert Mapper(Form(Bulb, sparse=True)).to_document(Bulb(Colour.COLD)) == {"colour": "cold"}


def test_an_inlined_field_is_poured_into_the_document_that_holds_it():
    mapper = Mapper(Form(Lamp, names=KEY, inlined={"place"}))
    written = mapper.to_document(LAMP)
    assert "place" not in written
    assert (written["_id"], written["room"], written["wall"]) == ("lamp-1", "hall", None)
    assert mapper.from_document(Lamp, written) == LAMP


def test_a_form_that_is_an_array_is_stored_as_the_list_of_its_values():
    mapper = Mapper(Form(Spell, as_array=True))
    assert mapper.to_document(LAMP)["spells"] == [[NOON, 2]]
    assert mapper.from_document(Lamp, {**DOCUMENT, "spells": [[NOON, 2]]}) == LAMP


def _named_room(document):
    document["room"] = document.pop("place")
    return document


@pytest.fixture
def third():
    """A third version: the second renamed a field, the third added one."""
    return Mapper(Form(Place, version=3, upgrades={1: _named_room}))


def test_a_document_says_which_version_it_has_from_the_second_on(third):
    assert third.to_document(Place("hall")) == {"room": "hall", "wall": None, "schema_version": 3}


@pytest.mark.parametrize(
    "document",
    [
        {"place": "hall"},
        {"room": "hall", "schema_version": 2},
        {"room": "hall", "wall": None, "schema_version": 3},
        {"room": "hall", "wall": None, "floor": 2, "schema_version": 4},
    ],
)
def test_documents_of_every_version_are_read_that_of_the_next_release_too(third, document):
    before = dict(document)
    assert third.from_document(Place, document) == Place("hall")
    assert document == before


def test_an_inner_document_has_a_version_of_its_own():
    mapper = Mapper(Form(Place, version=2, upgrades={1: _named_room}))
    assert mapper.from_document(Lamp, {**DOCUMENT, "place": {"place": "hall"}}).place == Place("hall")


@pytest.mark.parametrize(
    "options",
    [{"names": {"floor": "f"}}, {"unwritten": {"floor"}}, {"sparse": {"floor"}}, {"inlined": {"floor"}}],
)
def test_a_form_names_only_fields_that_its_class_has(options):
    with pytest.raises(ValueError, match="Place has no floor"):
        Form(Place, **options)


def test_an_array_has_no_names_to_change():
    with pytest.raises(ValueError, match="no names"):
        Form(Place, as_array=True, version=2)


@dataclass(frozen=True)
class Undecided:
    held: Bulb | Place


@dataclass(frozen=True)
class Numbered:
    bulbs: dict[int, Bulb]


@pytest.mark.parametrize("kind", [Undecided, Numbered])
def test_a_class_that_no_document_can_hold_keeps_its_service_from_starting(kind):
    with pytest.raises(TypeError):
        Mapper(Form(kind))
