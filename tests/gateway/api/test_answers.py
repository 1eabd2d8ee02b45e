"""An answer is made of what a client returned, as its schema says; where the two differ, nothing starts."""

from dataclasses import dataclass
from typing import TypedDict

import pytest
from marshmallow import Schema, fields

from gateway.api.answers import dumper
from gateway.api.fields import Amount, One, Str, each
from gateway.api.operation import Resource


class Lamp(Schema):
    name = Str()
    price = Amount(allow_none=True)


class Street(Schema):
    lamps = each(Lamp)
    first = One(Lamp, allow_none=True)


@dataclass(frozen=True)
class LampKept:
    name: str
    price_cents: int | None
    secret: str = "kept inside"


@dataclass(frozen=True)
class StreetKept:
    lamps: tuple[LampKept, ...]
    first: LampKept | None = None


class LampCame(TypedDict):
    name: str
    price_cents: int | None


LIT = {"name": "Old", "price": {"amount": "-0.05", "currency": "EUR"}}


def test_an_object_is_answered_with_its_documented_fields_alone():
    assert dumper(Lamp, LampKept)(LampKept("Old", -5)) == LIT


def test_what_is_nested_is_answered_likewise_and_none_stays_none():
    street = StreetKept((LampKept("Old", -5), LampKept("New", None)))
    assert dumper(Street, StreetKept)(street) == {
        "lamps": [LIT, {"name": "New", "price": None}],
        "first": None,
    }


@pytest.mark.parametrize("more", [{}, {"secret": "of the service"}])
def test_a_row_that_came_is_answered_without_what_is_not_documented(more):
    assert dumper(Lamp, LampCame)({"name": "Old", "price_cents": -5, **more}) == LIT


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"name": "Old"}, {"name": "Old"}),
        ({"name": "Old", "secret": 1}, {"name": "Old"}),
        ({}, {"name": None}),
    ],
)
def test_a_row_of_plain_values_is_handed_on_as_it_came_where_it_holds_nothing_else(row, answer):
    class Plain(TypedDict):
        name: str

    assert dumper(Schema.from_dict({"name": fields.String()}), Plain)(row) == answer


def test_an_answer_may_name_its_one_part():
    one = Schema.from_dict({"lamp": One(Lamp)})
    assert dumper(one, dict[str, LampKept])({"lamp": LampKept("Old", -5)}) == {"lamp": LIT}


@pytest.mark.parametrize("kind", [StreetKept, LampCame])
def test_a_field_that_is_documented_and_never_there_ends_the_start(kind):
    with pytest.raises(TypeError, match="documents colour"):
        dumper(Schema.from_dict({"colour": fields.String()}), kind)


def test_a_route_is_not_declared_when_its_view_returns_something_else():
    def show_lamp() -> StreetKept:
        """Show a lamp."""

    with pytest.raises(TypeError, match="Lamp documents name"):
        Resource("lamps", __name__).operation("GET", "/lamp", policy="anonymous", returns=Lamp)(show_lamp)
