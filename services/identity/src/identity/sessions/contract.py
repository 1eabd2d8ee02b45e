"""What is asked and answered about logging in, sessions and the organisation that one consults."""

from marshmallow import Schema, fields, validate

from chassis.values.text import Text
from identity.accounts.contract import ID_MAX, LOGIN_MAX, ROLES
from identity.passwords import rules as passwords


class Nothing(Schema):
    """A request that says nothing: all it needs is in the context."""


class LogIn(Schema):
    """Ask for a session; `user_agent` and `address` are what the gateway saw of the device."""

    login = Text(max_length=LOGIN_MAX, required=True)
    password = Text(max_length=passwords.LENGTH_MAX, trim=False, required=True)
    user_agent = Text(max_length=4000, min_length=0, load_default="")
    address = Text(max_length=45, min_length=0, load_default="")


class ResolveSession(Schema):
    """Ask whose session a token opens, by the token's SHA-256 in lower-case hexadecimal."""

    token_sha256 = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))


class CloseSession(Schema):
    """Ask to end one of one's own sessions."""

    session_id = Text(max_length=ID_MAX, required=True)


class SwitchOrganisation(Schema):
    """Ask to consult another organisation in the same session."""

    organisation_id = Text(max_length=ID_MAX, required=True)


class ConsultedView(Schema):
    """The organisation that a session consults."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)


class MembershipView(Schema):
    """One organisation to which the person may switch."""

    organisation_id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    family_id = fields.String(required=True, allow_none=True)
    roles = fields.List(fields.String(validate=validate.OneOf(ROLES)), required=True)


class SessionView(Schema):
    """Who is logged in, and as what in the organisation that is consulted."""

    id = fields.String(required=True)
    account_id = fields.String(required=True)
    display_name = fields.String(required=True)
    login = fields.String(required=True)
    language = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["family", "staff"]))
    organisation = fields.Nested(ConsultedView, required=True)
    family_id = fields.String(required=True, allow_none=True)
    guardian_id = fields.String(required=True, allow_none=True)
    roles = fields.List(fields.String(validate=validate.OneOf(ROLES)), required=True)
    centre_ids = fields.List(fields.String(), required=True)
    memberships = fields.List(fields.Nested(MembershipView), required=True)
    created_at = fields.AwareDateTime(required=True)
    idle_expires_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class SessionReply(Schema):
    """The answer to resolve_session and switch_organisation."""

    session = fields.Nested(SessionView, required=True)


class LogInReply(SessionReply):
    """The answer to log_in; the token is shown this once and never kept."""

    token = fields.String(required=True)


class ClosedReply(Schema):
    """The answer to log_out and close_session: how many sessions ended."""

    closed = fields.Integer(required=True, strict=True)


class SessionLine(Schema):
    """One of a person's sessions in their list."""

    id = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    last_seen_at = fields.AwareDateTime(required=True)
    user_agent = fields.String(required=True)
    current = fields.Boolean(required=True)


class SessionsReply(Schema):
    """The answer to list_sessions, the latest first."""

    data = fields.List(fields.Nested(SessionLine), required=True)
