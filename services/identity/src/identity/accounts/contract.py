"""The lines of the files that identity imports: organisations.csv and accounts.csv."""

from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from chassis.values.tables import Parts
from chassis.values.text import Text
from identity.sessions.contract import ID_MAX, LOGIN_MAX, ROLES

LANGUAGES = ("fr", "en")
NAME_MAX = 100


def _time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Not a time zone.")


class OrganisationRow(Schema):
    """A line of organisations.csv."""

    slug = fields.String(required=True, validate=validate.Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z"))
    name = Text(max_length=NAME_MAX, required=True)
    time_zone = fields.String(required=True, validate=_time_zone)
    language = fields.String(load_default="fr", validate=validate.OneOf(LANGUAGES))
    announcement_title = Text(max_length=NAME_MAX, load_default="")
    announcement_text = Text(max_length=2000, lines=True, load_default="")


class AccountRow(Schema):
    """A line of accounts.csv; several lines with one login give one account several memberships."""

    login = Text(max_length=LOGIN_MAX, required=True)
    password = fields.String(load_default=None)
    first_name = Text(max_length=NAME_MAX, required=True)
    last_name = Text(max_length=NAME_MAX, required=True)
    language = fields.String(load_default="fr", validate=validate.OneOf(LANGUAGES))
    organisation = Text(max_length=63, required=True)
    family_reference = Text(max_length=ID_MAX, load_default=None)
    guardian_reference = Text(max_length=ID_MAX, load_default=None)
    roles = Parts(max_length=20, load_default=list, validate=validate.ContainsOnly(ROLES))
    centre_references = Parts(max_length=ID_MAX, load_default=list)
