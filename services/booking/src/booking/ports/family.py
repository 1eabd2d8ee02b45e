"""Family as booking hears it: children and their enrolments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from marshmallow import fields

from booking.ports.tolerant import Tolerant
from chassis.values.event import Event


@dataclass(frozen=True, slots=True)
class ChildHeard:
    """A child as family tells of it; separated parents make several families."""

    child_id: str
    family_ids: Sequence[str]
    first_name: str
    last_name: str
    birth_on: date | None


@dataclass(frozen=True, slots=True)
class EnrolmentHeard:
    """A child's enrolment in an activity for a school year such as "2026-2027"."""

    enrolment_id: UUID
    child_id: str
    activity_id: str
    school_year: str
    state: str


class _Child(Tolerant):
    into = ChildHeard
    child_id = fields.String(required=True)
    family_ids = fields.List(fields.String(), required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    birth_on = fields.Date(load_default=None, allow_none=True)


class _Enrolment(Tolerant):
    into = EnrolmentHeard
    # its text becomes the name of a field: nothing but a UUID is safe there
    enrolment_id = fields.UUID(required=True)
    child_id = fields.String(required=True)
    activity_id = fields.String(required=True)
    school_year = fields.String(required=True)
    state = fields.String(required=True)


_CHILD = _Child()
_ENROLMENT = _Enrolment()


def child_changed(event: Event) -> ChildHeard:
    """Read family's event of a child."""
    return cast("ChildHeard", _CHILD.load(event.data))


def enrolment_changed(event: Event) -> EnrolmentHeard:
    """Read family's event of an enrolment."""
    return cast("EnrolmentHeard", _ENROLMENT.load(event.data))
