"""The lines of the files that the family service imports."""

from marshmallow import Schema, ValidationError, fields, validate

from chassis.values.tables import Parts
from chassis.values.text import Text
from family.children import rules
from family.children.contract import STATES

LANGUAGES = ("fr", "en")
NAME_MAX = 100
LINE_MAX = 200
PHONE_MAX = 30
REFERENCE_MAX = 64
ENROLMENT_COLUMNS = ("child_reference", "activity_reference", "school_year", "state")


def _school_year(text: str) -> None:
    if not rules.is_school_year(text):
        raise ValidationError('Not a school year such as "2026-2027".')


class FamilyRow(Schema):
    """A line of families.csv."""

    reference = Text(max_length=REFERENCE_MAX, required=True)
    name = Text(max_length=NAME_MAX, required=True)
    language = fields.String(load_default="fr", validate=validate.OneOf(LANGUAGES))
    address_line_1 = Text(max_length=LINE_MAX, load_default="")
    address_line_2 = Text(max_length=LINE_MAX, load_default="")
    postcode = Text(max_length=10, load_default="")
    town = Text(max_length=NAME_MAX, load_default="")
    phone = Text(max_length=PHONE_MAX, load_default="")


class GuardianRow(Schema):
    """A line of guardians.csv."""

    reference = Text(max_length=REFERENCE_MAX, required=True)
    family_reference = Text(max_length=REFERENCE_MAX, required=True)
    first_name = Text(max_length=NAME_MAX, required=True)
    last_name = Text(max_length=NAME_MAX, required=True)
    email = fields.Email(load_default=None, validate=validate.Length(max=254))
    phone = Text(max_length=PHONE_MAX, load_default=None)
    payer = fields.Boolean(load_default=False)


class ChildRow(Schema):
    """A line of children.csv."""

    reference = Text(max_length=REFERENCE_MAX, required=True)
    family_references = Parts(max_length=REFERENCE_MAX, required=True)
    first_name = Text(max_length=NAME_MAX, required=True)
    last_name = Text(max_length=NAME_MAX, required=True)
    birth_on = fields.Date(required=True)
    school = Text(max_length=NAME_MAX, load_default="")
    school_class = Text(max_length=20, load_default="")


class EnrolmentRow(Schema):
    """A line of enrolments.csv."""

    child_reference = Text(max_length=REFERENCE_MAX, required=True)
    activity_reference = Text(max_length=REFERENCE_MAX, required=True)
    school_year = fields.String(required=True, validate=_school_year)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
