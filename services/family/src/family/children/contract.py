"""What is asked and told of children and of one's own file, and the line of a file that makes a child."""

from marshmallow import Schema, fields

from chassis.storage.outbox import EventType
from chassis.values.tables import Parts
from chassis.values.text import Text
from family.files.contract import NAME_MAX, REFERENCE_MAX


class Nothing(Schema):
    """A request that says nothing: all it needs is in the context."""


class GuardianView(Schema):
    """A guardian as the family's own people see them."""

    id = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


class ChildView(Schema):
    """A child; `shared` when a second family has a part in it, which is not told."""

    id = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    birth_on = fields.Date(required=True)
    school = fields.String(required=True)
    school_class = fields.String(required=True)
    shared = fields.Boolean(required=True)


class FamilyView(Schema):
    """One's own file."""

    id = fields.String(required=True)
    reference = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    address_lines = fields.List(fields.String(), required=True)
    phones = fields.List(fields.String(), required=True)
    guardians = fields.List(fields.Nested(GuardianView), required=True)
    children = fields.List(fields.Nested(ChildView), required=True)


class FamilyReply(Schema):
    """The answer to get_family."""

    family = fields.Nested(FamilyView, required=True)


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


class ChildRow(Schema):
    """A line of children.csv."""

    reference = Text(max_length=REFERENCE_MAX, required=True)
    family_references = Parts(max_length=REFERENCE_MAX, required=True)
    first_name = Text(max_length=NAME_MAX, required=True)
    last_name = Text(max_length=NAME_MAX, required=True)
    birth_on = fields.Date(required=True)
    school = Text(max_length=NAME_MAX, load_default="")
    school_class = Text(max_length=20, load_default="")


EVENTS = {"child_changed": EventType(schema=ChildChanged, version=1, subscribers=("booking",))}
