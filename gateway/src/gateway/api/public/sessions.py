"""Log in, log out, one's own sessions."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from gateway import clients, session
from gateway.api.fields import (
    PRINTABLE_PATTERN,
    Asked,
    Bool,
    Id,
    Instant,
    ListOf,
    One,
    Str,
    WrittenText,
    each,
)
from gateway.api.operation import Headers, Resource
from gateway.clients import identity

LANGUAGES = ["fr", "en"]
LOGIN_MAX = 254
PASSWORD_MAX = 128

blueprint = Resource("sessions", __name__, url_prefix="/sessions", description="Log in and out")


class Membership(Schema):
    """A place where the account belongs; the family is named where an organisation has several places."""

    id = Id(allow_none=True)
    organisation_id = Id()
    slug = Str()
    name = Str()
    family_id = Id(allow_none=True)
    family_name = Str(allow_none=True)
    roles = ListOf(fields.String())


class SessionOrganisation(Schema):
    """The organisation that the session consults."""

    id = Id()
    slug = Str()
    name = Str()
    time_zone = Str()


class SessionBody(Schema):
    """A log-in that is open."""

    id = Id()
    account_id = Id()
    display_name = Str()
    login = Str()
    language = Str(validate=validate.OneOf(LANGUAGES))
    kind = Str(validate=validate.OneOf(["family", "staff"]))
    organisation = One(SessionOrganisation)
    family_id = Id(allow_none=True)
    guardian_id = Id(allow_none=True)
    membership_id = Id(allow_none=True)
    roles = ListOf(fields.String())
    centre_ids = ListOf(Id())
    memberships = each(Membership)
    created_at = Instant()
    idle_expires_at = Instant()
    expires_at = Instant()


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person logs in with."""

    login: str
    password: str
    device_token: str | None = None
    remember_device: bool = False


class CredentialsSchema(Asked):
    """What a person logs in with, and by which token the device was known until now."""

    into = Credentials

    login = WrittenText(max_length=LOGIN_MAX, required=True)
    password = Str(
        validate=validate.Length(1, PASSWORD_MAX),
        metadata={"format": "password", "pattern": PRINTABLE_PATTERN},
    )
    device_token = fields.String(
        load_default=None,
        validate=validate.Regexp(f"^{session.DEVICE_PATTERN}$"),
        metadata={"description": "What an earlier log-in from this device was answered: it is known by it"},
    )
    remember_device = fields.Boolean(
        load_default=False,
        metadata={"description": "Whether a device without a token is given one, for its next log-in"},
    )


class LoggedIn(Schema):
    """The new session and its token, which is shown once."""

    token = Str(
        metadata={"description": "Send it as Authorization: Bearer …, the first time within two minutes"}
    )
    device_token = Str(
        allow_none=True,
        metadata={"description": "Keep it on the device, and send it with the next log-in from there"},
    )
    session = One(SessionBody)


class SessionAnswer(Schema):
    """One session."""

    session = One(SessionBody)


class OwnSession(Schema):
    """One of the account's open sessions."""

    id = Id()
    created_at = Instant()
    last_seen_at = Instant()
    user_agent = Str(allow_none=True)
    current = Bool()


class OwnSessions(Schema):
    """All open sessions of the account: at most ten."""

    data = each(OwnSession)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which organisation is to be consulted."""

    organisation_id: str


class ChoiceSchema(Asked):
    """The organisation to move to."""

    into = Choice

    organisation_id = Id()


@dataclass(frozen=True, slots=True)
class MembershipChoice:
    """Which membership is to be consulted."""

    membership_id: str


class MembershipChoiceSchema(Asked):
    """The membership to move to, one of those that the session lists."""

    into = MembershipChoice

    membership_id = Id()


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """In which language the person reads."""

    language: str


class LanguageChoiceSchema(Asked):
    """The language of pages, problems and mails."""

    into = LanguageChoice

    language = Str(validate=validate.OneOf(LANGUAGES))


@blueprint.operation(
    "POST",
    "",
    policy="anonymous",
    body=CredentialsSchema,
    returns=LoggedIn,
    status=201,
    refuses=("invalid_credentials", "too_many_attempts", "overloaded"),
    headers=("Location",),
)
def log_in(body: Credentials) -> tuple[identity.LoggedIn, Headers]:
    """Log in."""
    device = identity.Device(token=body.device_token, remembered=body.remember_device)
    return session.log_in(body.login, body.password, device), {"Location": "/api/v1/sessions/current"}


@blueprint.operation("GET", "", policy="person", returns=OwnSessions)
def list_sessions() -> dict[str, tuple[identity.OwnSession, ...]]:
    """List the account's open sessions."""
    return {"data": clients.current().identity.list_sessions(session.context())}


@blueprint.operation("GET", "/current", policy="person", returns=SessionAnswer)
def get_current_session() -> dict[str, identity.Session]:
    """Show who is logged in, and where."""
    return {"session": session.required()}


@blueprint.operation("DELETE", "/current", policy="person", status=204)
def log_out() -> None:
    """Log out: the token is worth nothing any more."""
    session.log_out()


@blueprint.operation("DELETE", "/<id:session_id>", policy="person", status=204)
def close_session(session_id: str) -> None:
    """Close one of the account's sessions, from another device perhaps."""
    clients.current().identity.close_session(session.context(), session_id)
    session.forget()


@blueprint.operation(
    "PUT",
    "/current/organisation",
    policy="person",
    body=ChoiceSchema,
    returns=SessionAnswer,
    refuses=("not_found",),
)
def switch_organisation(body: Choice) -> dict[str, identity.Session]:
    """Consult another organisation that the account belongs to: its first membership there."""
    return {"session": session.switch_organisation(body.organisation_id)}


@blueprint.operation(
    "PUT",
    "/current/membership",
    policy="person",
    body=MembershipChoiceSchema,
    returns=SessionAnswer,
    refuses=("not_found",),
)
def switch_membership(body: MembershipChoice) -> dict[str, identity.Session]:
    """Consult another membership of the account, also one in the same organisation."""
    return {"session": session.switch_membership(body.membership_id)}


@blueprint.operation(
    "PUT", "/current/language", policy="person", body=LanguageChoiceSchema, returns=SessionAnswer
)
def choose_language(body: LanguageChoice) -> dict[str, identity.Session]:
    """Choose the language in which the account's person is spoken to, and written to in mails."""
    return {"session": session.choose_language(body.language)}
