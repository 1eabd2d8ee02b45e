"""What is answered about one's own file, and the line of a file that states a guardianship."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from chassis.values.tables import cells
from family.children.contract import ChildView
from family.files.contract import REFERENCE_MAX


class GuardianView(Schema):
    """A guardian as the family's own people see them."""

    id = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


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


class GuardianshipRow(Schema):
    """A line of guardianships.csv: what an adult may do for a child, where it is not what their files say."""

    guardian_reference = cells.reference(longest=REFERENCE_MAX)
    child_reference = cells.reference(longest=REFERENCE_MAX)
    books = cells.YesNo(default=True)
    pays = cells.YesNo(default=False)
    sees = cells.YesNo(default=True)
    collects = cells.YesNo(default=True)
    from_on = cells.Day(default=None)
    to_on = cells.Day(default=None)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        if data["from_on"] and data["to_on"] and data["from_on"] > data["to_on"]:
            raise ValidationError("It ends before it begins.", "to_on")
