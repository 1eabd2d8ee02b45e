"""What is asked and told of an organisation's settings, and the line of a file that makes a family's file."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from chassis.storage.outbox import EventType
from chassis.values.fields import written
from chassis.values.requests import RequestSchema
from chassis.values.tables import cells
from family.files.model import FamilySettings

LANGUAGES = ("fr", "en")
NAME_MAX = 100
LINE_MAX = 200
PHONE_MAX = 30
REFERENCE_MAX = 64

Reply = dict[str, object]

ROLES = {"admin": {"settings.read", "settings.write"}, "manager": {"settings.read"}}
"""What the roles may do in family."""


@dataclass(frozen=True, slots=True)
class GetSettings:
    """Ask for the settings of the organisation of the context."""


class FamilyRow(Schema):
    """A line of families.csv."""

    reference = cells.reference(longest=REFERENCE_MAX)
    name = written(longest=NAME_MAX)
    language = cells.Choice(LANGUAGES, default="fr")
    address_line_1 = written(longest=LINE_MAX, default="")
    address_line_2 = written(longest=LINE_MAX, default="")
    postcode = written(longest=10, default="")
    town = written(longest=NAME_MAX, default="")
    phone = written(longest=PHONE_MAX, default="")


class GetSettingsRequest(RequestSchema):
    """`get_settings`: says nothing; the organisation is that of the context."""

    into = GetSettings


class FamilySettingsFields(Schema):
    """The settings of an organisation, all of them."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    child_age_max_years = fields.Integer(required=True, strict=True, validate=validate.Range(3, 25))


class PutSettingsRequest(FamilySettingsFields, RequestSchema):
    """`put_settings`: all settings, with the version that was seen."""

    into = FamilySettings


class SettingsReply(Schema):
    """The answer to get_settings and put_settings."""

    settings = fields.Nested(FamilySettingsFields, required=True)


class FamilySettingsChanged(FamilySettingsFields):
    """An organisation decided otherwise: all its settings; the sequence of the event is their version."""

    organisation_id = fields.String(required=True)


EVENTS = {"family_settings_changed": EventType(schema=FamilySettingsChanged, version=1)}
