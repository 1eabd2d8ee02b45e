"""What is asked and answered about logging in, sessions and the membership that one consults."""

from dataclasses import dataclass, field

from marshmallow import Schema, fields, validate

from chassis.values import fields as kinds
from chassis.values.requests import RequestSchema
from chassis.values.text import Text
from identity.accounts.contract import LOGIN_MAX, ROLES
from identity.passwords import rules as passwords

DEVICE_TOKEN_MAX = 43  # 256 bits in URL-safe base64
Reply = dict[str, object]


@dataclass(frozen=True, slots=True)
class Nothing:
    """A request that says nothing: all it needs is in the context."""


class NothingRequest(RequestSchema):
    """A request without fields."""

    into = Nothing


@dataclass(frozen=True, slots=True)
class LogIn:
    """Ask for a session; `user_agent` and `address` are what the gateway saw of the device.

    `device_token` is what the device was given at an earlier log-in; with `remember_device` one without is
    given one.
    """

    login: str
    password: str = field(repr=False)
    user_agent: str
    address: str
    device_token: str | None = field(default=None, repr=False)
    remember_device: bool = False


class LogInRequest(RequestSchema):
    """`log_in`."""

    into = LogIn

    login = Text(max_length=LOGIN_MAX, required=True)
    password = Text(max_length=passwords.LENGTH_MAX, trim=False, required=True)
    user_agent = Text(max_length=4000, min_length=0, load_default="")
    address = Text(max_length=45, min_length=0, load_default="")
    device_token = Text(max_length=DEVICE_TOKEN_MAX, load_default=None)
    remember_device = fields.Boolean(load_default=False)


@dataclass(frozen=True, slots=True)
class ResolveSession:
    """Ask whose session a token opens, by the token's SHA-256 in lower-case hexadecimal."""

    token_sha256: str


class ResolveSessionRequest(RequestSchema):
    """`resolve_session`."""

    into = ResolveSession

    token_sha256 = kinds.sha256()


@dataclass(frozen=True, slots=True)
class CloseSession:
    """Ask to end one of one's own sessions."""

    session_id: str


class CloseSessionRequest(RequestSchema):
    """`close_session`."""

    into = CloseSession

    session_id = kinds.identifier()


@dataclass(frozen=True, slots=True)
class SwitchOrganisation:
    """Ask to consult another membership in the same session; without its id the organisation's first one."""

    organisation_id: str
    membership_id: str | None = None


class SwitchOrganisationRequest(RequestSchema):
    """`switch_organisation`."""

    into = SwitchOrganisation

    organisation_id = kinds.identifier()
    membership_id = kinds.identifier(required=False, allow_none=True)


class ConsultedView(Schema):
    """The organisation that a session consults."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)


class MembershipView(Schema):
    """One membership that the person may consult.

    `family_name` is told where the organisation alone does not say which membership is meant.
    """

    id = fields.String(required=True)
    organisation_id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    family_id = fields.String(required=True, allow_none=True)
    family_name = fields.String(allow_none=True)
    roles = fields.List(fields.String(validate=validate.OneOf(ROLES)), required=True)


class GrantView(Schema):
    """A role of the membership that is consulted, and where it holds; None stands for everywhere."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    centre_id = fields.String(required=True, allow_none=True)
    cash_office_id = fields.String(required=True, allow_none=True)


class SessionView(Schema):
    """Who is logged in, and as what in the organisation that is consulted.

    `merged_family_ids` are the other ids of the family's file, where files were found to be one.
    """

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
    membership_id = fields.String(required=True)
    merged_family_ids = fields.List(fields.String())
    grants = fields.List(fields.Nested(GrantView), required=True)
    memberships = fields.List(fields.Nested(MembershipView), required=True)
    created_at = fields.AwareDateTime(required=True)
    idle_expires_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class SessionReply(Schema):
    """The answer to resolve_session and switch_organisation."""

    session = fields.Nested(SessionView, required=True)


class LogInReply(SessionReply):
    """The answer to log_in; the token is shown this once and never kept.

    `device_token` is for the device to keep, and to send with its next log-in.
    """

    token = fields.String(required=True)
    device_token = fields.String(required=True, allow_none=True)


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
