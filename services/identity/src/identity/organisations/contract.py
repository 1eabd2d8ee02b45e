"""What is asked and told of organisations, and the line of a file that makes one."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from chassis.storage.outbox import EventType
from chassis.values.requests import RequestSchema
from chassis.values.text import Text

LANGUAGES = ("fr", "en")
NAME_MAX = 100

Reply = dict[str, object]


def _time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Not a time zone.")


@dataclass(frozen=True, slots=True)
class GetOrganisation:
    """Ask for an organisation by the name that stands in addresses."""

    slug: str


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


EVENTS = {
    "organisation_changed": EventType(
        schema=OrganisationChanged, version=1, subscribers=("booking", "billing", "notify")
    ),
}
