"""What is asked and told of organisations, and the line of a file that makes one."""

from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from chassis.storage.outbox import EventType
from chassis.values.fields import written
from chassis.values.requests import RequestSchema
from chassis.values.tables import cells
from chassis.values.text import Text
from identity.organisations import rules
from identity.organisations.model import Accessibility, Appearance, HelpDesk, IdentitySettings

LANGUAGES = ("fr", "en")
NAME_MAX = 100
CREST_MAX = 12_000
EXEMPT_MAX = 2000
COLOUR = validate.Regexp(r"#[0-9a-fA-F]{6}\Z", error="Expected a colour such as #0b3c5d.")

LINK = validate.URL(
    schemes={"https"}, require_tld=True, error="Expected an address such as https://ville.example/plan."
)

SLUG = validate.Regexp(
    r"[a-z0-9]+(-[a-z0-9]+)*\Z",
    error="Expected small letters, digits and single hyphens, such as val-d-oise.",
)

Reply = dict[str, object]


@cache
def _time_zones() -> set[str]:
    """Return the names of all time zones, which are read from a tree of files."""
    return available_timezones()


def _time_zone(name: str) -> None:
    if name not in _time_zones():
        raise ValidationError("Not a time zone such as Europe/Paris.")


def _legible(colour: str) -> None:
    COLOUR(colour)
    contrast = rules.contrast_with_white(colour)
    if contrast < rules.CONTRAST_MIN:
        raise ValidationError(
            f"low_contrast: white on {colour} is hard to read, {contrast:.1f} to 1 where "
            f"{rules.CONTRAST_MIN:g} to 1 is needed. Take {rules.legible_shade(colour)}."
        )


def _colour_or_none(colour: str) -> None:
    if colour:
        COLOUR(colour)


def _link_or_none(url: str) -> None:
    if url:
        LINK(url)


def _plain_drawing(svg: str) -> None:
    if svg and not rules.is_plain_drawing(svg):
        raise ValidationError("Expected a drawing <svg …>…</svg> without scripts, styles, links or images.")


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


class HelpDeskView(Schema):
    """Where a family finds a person; what is not told is empty."""

    name = fields.String(required=True)
    address = fields.String(required=True)
    phone = fields.String(required=True)
    hours = fields.String(required=True)


class AccessibilityView(Schema):
    """The organisation's own part of the declaration of accessibility; what is not told is empty."""

    plan_url = fields.String(required=True)
    contact = fields.String(required=True)
    exempt = fields.String(required=True)


class OrganisationView(Schema):
    """What anybody may know of an organisation; `colour` and `crest` are empty where it has none."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    language = fields.String(required=True)
    announcements = fields.List(fields.Nested(AnnouncementView), required=True)
    colour = fields.String(required=True)
    crest = fields.String(required=True)
    help_desk = fields.Nested(HelpDeskView, required=True)
    accessibility = fields.Nested(AccessibilityView, required=True)


class OrganisationReply(Schema):
    """The answer to get_organisation."""

    organisation = fields.Nested(OrganisationView, required=True)


class OrganisationChanged(Schema):
    """An organisation is new, or is now called, placed or to be shown otherwise.

    A release before told neither `colour` nor `help_desk`.
    """

    organisation_id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    language = fields.String(required=True)
    colour = fields.String()
    help_desk = fields.Nested(HelpDeskView)


class OrganisationRow(Schema):
    """A line of organisations.csv."""

    slug = fields.String(required=True, validate=SLUG)
    name = written(longest=NAME_MAX)
    time_zone = fields.String(required=True, validate=_time_zone)
    language = cells.Choice(LANGUAGES, default="fr")
    announcement_title = written(longest=NAME_MAX, default="")
    announcement_text = written(longest=2000, lines=True, default="")
    colour = fields.String(load_default="", validate=_legible)
    crest = fields.String(load_default="", validate=[validate.Length(max=CREST_MAX), _plain_drawing])
    help_desk_name = written(longest=NAME_MAX, default="")
    help_desk_address = written(longest=2 * NAME_MAX, default="")
    help_desk_phone = written(longest=30, default="")
    help_desk_hours = written(longest=NAME_MAX, default="")
    accessibility_plan_url = fields.String(load_default="", validate=_link_or_none)
    accessibility_contact = written(longest=2 * NAME_MAX, default="")
    accessibility_exempt = written(longest=EXEMPT_MAX, lines=True, default="")


@dataclass(frozen=True, slots=True)
class GetAppearance:
    """Ask how the organisation of the context shows itself."""


class GetAppearanceRequest(RequestSchema):
    """`get_appearance`: says nothing; the organisation is that of the context."""

    into = GetAppearance


class HelpDeskFields(RequestSchema):
    """Where a family finds a person; what is not told is empty."""

    into = HelpDesk

    name = written(longest=NAME_MAX, default="")
    address = written(longest=2 * NAME_MAX, default="")
    phone = written(longest=30, default="")
    hours = written(longest=NAME_MAX, default="")


class AccessibilityFields(RequestSchema):
    """The organisation's own part of the declaration of accessibility; what is not told is empty."""

    into = Accessibility

    plan_url = fields.String(load_default="", validate=_link_or_none)
    contact = written(longest=2 * NAME_MAX, default="")
    exempt = written(longest=EXEMPT_MAX, lines=True, default="")


class PutAppearanceRequest(RequestSchema):
    """`put_appearance`: all of it, with the version that was seen; empty where it has none of its own."""

    into = Appearance

    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    colour = fields.String(required=True, validate=_colour_or_none)
    crest = fields.String(required=True, validate=[validate.Length(max=CREST_MAX), _plain_drawing])
    help_desk = fields.Nested(HelpDeskFields, required=True)
    accessibility = fields.Nested(AccessibilityFields, load_default=Accessibility())


class AppearanceView(Schema):
    """How an organisation shows itself, and the version that a change has to name."""

    version = fields.Integer(required=True)
    colour = fields.String(required=True)
    crest = fields.String(required=True)
    help_desk = fields.Nested(HelpDeskView, required=True)
    accessibility = fields.Nested(AccessibilityView, required=True)


class AppearanceReply(Schema):
    """The answer to get_appearance and put_appearance."""

    appearance = fields.Nested(AppearanceView, required=True)


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
