"""What is asked and told of children, and the line of a file that makes one."""

from dataclasses import dataclass

from marshmallow import Schema, fields

from chassis.storage.outbox import EventType
from chassis.values.requests import RequestSchema
from chassis.values.tables import Parts
from chassis.values.text import Text
from family.files.contract import NAME_MAX, REFERENCE_MAX
from family.people.contract import PivotColumns


@dataclass(frozen=True, slots=True)
class Nothing:
    """A request that says nothing: all it needs is in the context."""


class NothingRequest(RequestSchema):
    """A request without fields."""

    into = Nothing


class ChildView(Schema):
    """A child; `shared` when a second family has a part in it, which is not told."""

    id = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    birth_on = fields.Date(required=True)
    school = fields.String(required=True)
    school_class = fields.String(required=True)
    shared = fields.Boolean(required=True)


class ChildrenReply(Schema):
    """The answer to list_children, by birth date."""

    data = fields.List(fields.Nested(ChildView), required=True)


class ChildChanged(Schema):
    """A child is new or changed; what is told is what others must know."""

    child_id = fields.String(required=True)
    family_ids = fields.List(fields.String(), required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    birth_on = fields.Date(required=True)
    school_class = fields.String(required=True)


class ChildRow(PivotColumns):
    """A line of children.csv."""

    reference = Text(max_length=REFERENCE_MAX, required=True)
    family_references = Parts(max_length=REFERENCE_MAX, required=True)
    first_name = Text(max_length=NAME_MAX, required=True)
    last_name = Text(max_length=NAME_MAX, required=True)
    birth_on = fields.Date(required=True)
    school = Text(max_length=NAME_MAX, load_default="")
    school_class = Text(max_length=20, load_default="")


EVENTS = {"child_changed": EventType(schema=ChildChanged, version=1, subscribers=("booking",))}
