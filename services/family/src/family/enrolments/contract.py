"""What is asked and told of enrolments, and the line of a file that makes one."""

from marshmallow import Schema, ValidationError, fields, validate

from chassis.storage.outbox import EventType
from chassis.values.tables import cells
from family.enrolments import rules
from family.enrolments.model import EnrolmentState
from family.files.contract import REFERENCE_MAX

ENROLMENT_COLUMNS = ("child_reference", "activity_reference", "school_year", "state")
STATES = [state.value for state in EnrolmentState]


def _school_year(text: str) -> None:
    if not rules.is_school_year(text):
        raise ValidationError('Not a school year such as "2026-2027".')


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


class EnrolmentChanged(Schema):
    """An enrolment was asked for or decided."""

    enrolment_id = fields.String(required=True)
    child_id = fields.String(required=True)
    activity_id = fields.String(required=True)
    school_year = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class EnrolmentRow(Schema):
    """A line of enrolments.csv."""

    child_reference = cells.reference(longest=REFERENCE_MAX)
    activity_reference = cells.reference()
    school_year = fields.String(required=True, validate=_school_year)
    state = cells.Choice(STATES)


EVENTS = {"enrolment_changed": EventType(schema=EnrolmentChanged, version=1, subscribers=("booking",))}
