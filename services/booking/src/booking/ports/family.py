"""Family as booking hears it: children and their enrolments."""

from typing import Any

from marshmallow import fields

from booking.copies.model import Child, Enrolment
from booking.ports import Tolerant
from chassis.values.event import Event


class _Child(Tolerant):
    child_id = fields.String(required=True)
    family_ids = fields.List(fields.String(), required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    birth_on = fields.Date(load_default=None, allow_none=True)


class _Enrolment(Tolerant):
    enrolment_id = fields.UUID(required=True)
    child_id = fields.String(required=True)
    activity_id = fields.String(required=True)
    school_year = fields.String(required=True)
    state = fields.String(required=True)


_CHILD = _Child()

_ENROLMENT = _Enrolment()


def child_changed(event: Event) -> Child:
    """Read family's event of a child."""
    data: dict[str, Any] = _CHILD.load(event.data)
    return Child(
        id=data["child_id"],
        organisation_id=event.organisation_id,
        family_ids=tuple(data["family_ids"]),
        first_name=data["first_name"],
        last_name=data["last_name"],
        birth_on=data["birth_on"],
    )


def enrolment_changed(event: Event) -> tuple[str, str, Enrolment]:
    """Read family's event of an enrolment: child id, enrolment id, enrolment."""
    data: dict[str, Any] = _ENROLMENT.load(event.data)
    enrolment = Enrolment(data["activity_id"], data["school_year"], data["state"])
    return data["child_id"], str(data["enrolment_id"]), enrolment
