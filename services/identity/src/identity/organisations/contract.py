"""What is asked and told of organisations, and the line of a file that makes one."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from chassis.storage.outbox import EventType
from chassis.values.requests import RequestSchema
from chassis.values.text import Text
from identity.organisations.model import IdentitySettings

LANGUAGES = ("fr", "en")
NAME_MAX = 100

Reply = dict[str, object]


def _time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Not a time zone.")


ROLES = {"admin": {"settings.read", "settings.write"}, "manager": {"settings.read"}}
"""What the roles may do in identity."""


@dataclass(frozen=True, slots=True)
class GetOrganisation:
    """Ask for an organisation by the name that stands in addresses."""

    slug: str


@dataclass(frozen=True, slots=True)
class GetSettings:
    """Ask for the settings of the organisation of the context."""


class GetOrganisationRequest(RequestSchema):
    """`get_organisation`."""

    into = GetOrganisation

    slug = Text(max_length=63, required=True)


class AnnouncementView(Schema):
    """A few words for the login page."""

    title = fields.String(required=True)
    text = fields.String(required=True)


class OrganisationView(Schema):
    """What anybody may know of an organisation."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    language = fields.String(required=True)
    announcements = fields.List(fields.Nested(AnnouncementView), required=True)


class OrganisationReply(Schema):
    """The answer to get_organisation."""

    organisation = fields.Nested(OrganisationView, required=True)


class OrganisationChanged(Schema):
    """An organisation is new, or is now called or placed otherwise."""

    organisation_id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    language = fields.String(required=True)


class OrganisationRow(Schema):
    """A line of organisations.csv."""

    slug = fields.String(required=True, validate=validate.Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z"))
    name = Text(max_length=NAME_MAX, required=True)
    time_zone = fields.String(required=True, validate=_time_zone)
    language = fields.String(load_default="fr", validate=validate.OneOf(LANGUAGES))
    announcement_title = Text(max_length=NAME_MAX, load_default="")
    announcement_text = Text(max_length=2000, lines=True, load_default="")


class GetSettingsRequest(RequestSchema):
    """`get_settings`: says nothing; the organisation is that of the context."""

    into = GetSettings


class IdentitySettingsFields(Schema):
    """The settings of an organisation, all of them."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    family_idle_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(5, 30))
    family_absolute_hours = fields.Integer(required=True, strict=True, validate=validate.Range(1, 12))
    staff_idle_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(5, 15))
    staff_absolute_hours = fields.Integer(required=True, strict=True, validate=validate.Range(1, 8))


class PutSettingsRequest(IdentitySettingsFields, RequestSchema):
    """`put_settings`: all settings, with the version that was seen."""

    into = IdentitySettings


class SettingsReply(Schema):
    """The answer to get_settings and put_settings."""

    settings = fields.Nested(IdentitySettingsFields, required=True)


class IdentitySettingsChanged(IdentitySettingsFields):
    """An organisation decided otherwise: all its settings; the sequence of the event is their version."""

    organisation_id = fields.String(required=True)


EVENTS = {
    "organisation_changed": EventType(
        schema=OrganisationChanged, version=1, subscribers=("booking", "billing", "notify")
    ),
    "identity_settings_changed": EventType(schema=IdentitySettingsChanged, version=1),
}
