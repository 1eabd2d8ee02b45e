"""The line of a file that makes a family's file."""

from marshmallow import Schema, fields, validate

from chassis.values.text import Text

LANGUAGES = ("fr", "en")
NAME_MAX = 100
LINE_MAX = 200
PHONE_MAX = 30
REFERENCE_MAX = 64


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
