"""What is told of a file and its people, and the line of a file that makes a guardian."""

from marshmallow import Schema, fields, validate

from chassis.storage.outbox import EventType
from chassis.values.fields import Address, written
from chassis.values.tables import cells
from family.files.contract import NAME_MAX, PHONE_MAX, REFERENCE_MAX
from family.people.model import Sex


def _insee(pattern: str, example: str) -> fields.String:
    """Return the column of a code of the INSEE, which may be left out."""
    listed = validate.Regexp(rf"\A{pattern}\Z", error=f"Expected a code of the INSEE such as {example}.")
    return fields.String(load_default=None, validate=listed)


class PivotColumns(Schema):
    """What a line may say of a person beside their everyday name; what is not known is left empty."""

    birth_name = written(longest=NAME_MAX, default=None)
    first_names = cells.Parts(written(longest=NAME_MAX), required=False)
    sex = cells.Choice(Sex, default=None)
    birth_place = _insee(r"[0-9][0-9AB][0-9]{3}", "75056 or 2A004")
    birth_country = _insee(r"99[0-9]{3}", "99127")


class GuardianRow(PivotColumns):
    """A line of guardians.csv."""

    reference = cells.reference(longest=REFERENCE_MAX)
    family_reference = cells.reference(longest=REFERENCE_MAX)
    first_name = written(longest=NAME_MAX)
    last_name = written(longest=NAME_MAX)
    email = Address(load_default=None)
    phone = written(longest=PHONE_MAX, default=None)
    payer = cells.YesNo(default=False)
    born_on = cells.Day(default=None)


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
