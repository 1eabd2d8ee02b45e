"""What is told of a file and its people, and the line of a file that makes a guardian."""

from marshmallow import Schema, fields, validate

from chassis.storage.outbox import EventType
from chassis.values.fields import Address
from chassis.values.tables import Parts
from chassis.values.text import Text
from family.files.contract import NAME_MAX, PHONE_MAX, REFERENCE_MAX
from family.people.model import Sex


class PivotColumns(Schema):
    """What a line may say of a person beside their everyday name; what is not known is left empty."""

    birth_name = Text(max_length=NAME_MAX, load_default=None)
    first_names = Parts(max_length=NAME_MAX, load_default=list)
    sex = fields.Enum(Sex, by_value=True, load_default=None)
    birth_place = fields.String(load_default=None, validate=validate.Regexp(r"(\d[\dAB]\d{3})?\Z"))
    birth_country = fields.String(load_default=None, validate=validate.Regexp(r"99\d{3}\Z"))


class GuardianRow(PivotColumns):
    """A line of guardians.csv."""

    reference = Text(max_length=REFERENCE_MAX, required=True)
    family_reference = Text(max_length=REFERENCE_MAX, required=True)
    first_name = Text(max_length=NAME_MAX, required=True)
    last_name = Text(max_length=NAME_MAX, required=True)
    email = Address(load_default=None)
    phone = Text(max_length=PHONE_MAX, load_default=None)
    payer = fields.Boolean(load_default=False)
    born_on = fields.Date(load_default=None)


class Contact(Schema):
    """Somebody who is written to."""

    guardian_id = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)


class FamilyChanged(Schema):
    """A file or one of its guardians is new or changed; contacts come payers first.

    `merged_into` is the file that it was found to be the double of.
    """

    family_id = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    contacts = fields.List(fields.Nested(Contact), required=True)
    merged_into = fields.String(allow_none=True)


EVENTS = {
    "family_changed": EventType(
        schema=FamilyChanged, version=1, subscribers=("notify", "billing", "identity")
    ),
}
