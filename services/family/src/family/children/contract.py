"""What is asked and told of children, and the line of a file that makes one."""

from dataclasses import dataclass

from marshmallow import Schema, fields

from chassis.storage.outbox import EventType
from chassis.values.fields import written
from chassis.values.requests import RequestSchema
from chassis.values.tables import cells
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

    reference = cells.reference(longest=REFERENCE_MAX)
    family_references = cells.Parts(cells.reference(longest=REFERENCE_MAX))
    first_name = written(longest=NAME_MAX)
    last_name = written(longest=NAME_MAX)
    birth_on = cells.Day()
    school = written(longest=NAME_MAX, default="")
    school_class = written(longest=20, default="")


EVENTS = {"child_changed": EventType(schema=ChildChanged, version=1, subscribers=("booking",))}
