"""What is answered about one's own file, and the line of a file that states a guardianship."""

from marshmallow import Schema, fields

from chassis.values.text import Text
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

    guardian_reference = Text(max_length=REFERENCE_MAX, required=True)
    child_reference = Text(max_length=REFERENCE_MAX, required=True)
    books = fields.Boolean(load_default=True)
    pays = fields.Boolean(load_default=False)
    sees = fields.Boolean(load_default=True)
    collects = fields.Boolean(load_default=True)
    from_on = fields.Date(load_default=None)
    to_on = fields.Date(load_default=None)
