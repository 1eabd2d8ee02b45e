"""The language of the family service: what it accepts and what it says, version 1.

The organisation and the family come from the context and never from a request. The lines of imported files
stand in `rows`. A golden example of each message stands in contract/v1.
"""

from typing import Any

from marshmallow import Schema, fields, validate

from chassis.storage.outbox import EventType
from family.children import rules
from family.children.model import Child, Enrolment, EnrolmentState, Family, Guardian

STATES = [state.value for state in EnrolmentState]

REFUSALS = ("malformed", "forbidden", "not_found")


class Nothing(Schema):
    """A request that says nothing: all it needs is in the context."""


# ---------------------------------------------------------------- replies


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


class EnrolmentView(Schema):
    """What became of an enrolment."""

    id = fields.String(required=True)
    child_id = fields.String(required=True)
    activity_id = fields.String(required=True)
    school_year = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class EnrolmentsReply(Schema):
    """The answer to list_enrolments."""

    data = fields.List(fields.Nested(EnrolmentView), required=True)


# ---------------------------------------------------------------- events


class Contact(Schema):
    """Somebody who is written to."""

    guardian_id = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)


class FamilyChanged(Schema):
    """A file or one of its guardians is new or changed; contacts come payers first."""

    family_id = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    contacts = fields.List(fields.Nested(Contact), required=True)


class ChildChanged(Schema):
    """A child is new or changed; what is told is what others must know."""

    child_id = fields.String(required=True)
    family_ids = fields.List(fields.String(), required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    birth_on = fields.Date(required=True)
    school_class = fields.String(required=True)


class EnrolmentChanged(Schema):
    """An enrolment was asked for or decided."""

    enrolment_id = fields.String(required=True)
    child_id = fields.String(required=True)
    activity_id = fields.String(required=True)
    school_year = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


EVENTS = {
    "family_changed": EventType(schema=FamilyChanged, version=1, subscribers=("notify", "billing")),
    "child_changed": EventType(schema=ChildChanged, version=1, subscribers=("booking",)),
    "enrolment_changed": EventType(schema=EnrolmentChanged, version=1, subscribers=("booking",)),
}


# ---------------------------------------------------------------- from the model to the wire


def family_view(family: Family, guardians: list[Guardian], children: list[Child]) -> dict[str, Any]:
    """Make the view of one's own file."""
    return {
        "id": family.id,
        "reference": family.reference,
        "name": family.name,
        "language": family.language,
        "address_lines": list(family.address_lines),
        "phones": list(family.phones),
        "guardians": [
            {
                "id": guardian.id,
                "first_name": guardian.first_name,
                "last_name": guardian.last_name,
                "email": guardian.email,
                "phone": guardian.phone,
            }
            for guardian in guardians
        ],
        "children": [child_view(child) for child in children],
    }


def child_view(child: Child) -> dict[str, Any]:
    """Make the view of a child."""
    return {
        "id": child.id,
        "first_name": child.first_name,
        "last_name": child.last_name,
        "birth_on": child.birth_on.isoformat(),
        "school": child.school,
        "school_class": child.school_class,
        "shared": rules.is_shared(child),
    }


def enrolment_view(enrolment: Enrolment) -> dict[str, Any]:
    """Make the view of an enrolment."""
    return {
        "id": enrolment.id,
        "child_id": enrolment.child_id,
        "activity_id": enrolment.activity_id,
        "school_year": enrolment.school_year,
        "state": enrolment.state.value,
    }


def family_changed(family: Family, guardians: list[Guardian]) -> dict[str, Any]:
    """Make the data of the event of the same name."""
    return {
        "family_id": family.id,
        "name": family.name,
        "language": family.language,
        "contacts": [
            {"guardian_id": each.id, "name": f"{each.first_name} {each.last_name}", "email": each.email}
            for each in rules.contacts(guardians)
        ],
    }


def child_changed(child: Child) -> dict[str, Any]:
    """Make the data of the event of the same name."""
    return {
        "child_id": child.id,
        "family_ids": list(child.family_ids),
        "first_name": child.first_name,
        "last_name": child.last_name,
        "birth_on": child.birth_on.isoformat(),
        "school_class": child.school_class,
    }


def enrolment_changed(enrolment: Enrolment) -> dict[str, Any]:
    """Make the data of the event of the same name."""
    view = enrolment_view(enrolment)
    return {"enrolment_id": view.pop("id"), **view}
