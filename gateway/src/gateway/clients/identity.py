"""identity: organisations, log-in, sessions. Instants are ISO 8601 texts."""

from dataclasses import dataclass

from chassis.values.actor import Grant
from chassis.values.context import Context
from chassis.values.errors import Refused
from gateway.clients.asking import Ask, given, read, read_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A message of an organisation to whoever logs in."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDesk:
    """Where a family finds a person of the organisation; what is not told is empty."""

    name: str = ""
    address: str = ""
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessibility:
    """The organisation's own part of the declaration of accessibility; what is not told is empty."""

    plan_url: str = ""
    contact: str = ""
    exempt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation as its pages show it. An identity of an earlier release tells no look of its own."""

    id: str
    slug: str
    name: str
    time_zone: str
    language: str
    announcements: tuple[Announcement, ...] = ()
    colour: str = ""
    crest: str = ""
    help_desk: HelpDesk = HelpDesk()
    accessibility: Accessibility = Accessibility()


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A place where an account belongs: as a family, or as staff with roles.

    `family_name` is told where an organisation has several. An identity of an earlier release names no ids.
    """

    id: str | None = None
    organisation_id: str
    slug: str
    name: str
    family_id: str | None = None
    family_name: str | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOrganisation:
    """The organisation that a session consults."""

    id: str
    slug: str
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One log-in. It consults one membership, whose `grants` say which roles hold where.

    `merged_family_ids` are the other ids of the family's file, where files were found to be one.
    An identity of an earlier release names neither the membership nor its grants.
    """

    id: str
    account_id: str
    display_name: str
    login: str
    language: str
    kind: str
    organisation: SessionOrganisation
    created_at: str
    idle_expires_at: str
    expires_at: str
    family_id: str | None = None
    guardian_id: str | None = None
    membership_id: str | None = None
    merged_family_ids: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    roles: tuple[str, ...] = ()
    centre_ids: tuple[str, ...] = ()
    memberships: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """A new session and its token, which is told once; and the token of a device that is to be remembered."""

    token: str
    session: Session
    device_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What asks for a session: the token by which it is known, if it has one, and what was seen of it.

    One that is to be `remembered` is given a token.
    """

    token: str | None = None
    remembered: bool = False
    user_agent: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """One of an account's open sessions, as its list shows it."""

    id: str
    created_at: str
    last_seen_at: str
    current: bool
    user_agent: str | None = None


class IdentityClient:
    """Who people are and where they belong."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def get_organisation(self, context: Context, slug: str) -> Organisation:
        """Return the organisation that has this name in addresses; refused not_found."""
        return read(Organisation, self._ask("get_organisation", context, {"slug": slug})["organisation"])

    def log_in(
        self,
        context: Context,
        login: str,
        password: str,
        device: Device,
    ) -> LoggedIn:
        """Return a new session; refused invalid_credentials, too_many_attempts, overloaded.

        An identity of an earlier release, which remembers no devices, can't read that it is asked to.
        """
        asked = given(login=login, password=password, user_agent=device.user_agent, address=device.address)
        remembering = given(device_token=device.token, remember_device=device.remembered or None)
        try:
            return read(LoggedIn, self._ask("log_in", context, {**asked, **remembering}))
        except Refused as refusal:
            if refusal.code != "malformed" or not remembering:
                raise
        return read(LoggedIn, self._ask("log_in", context, asked))

    def resolve_session(self, context: Context, token_sha256: str) -> Session:
        """Return the session of a token; refused session_expired. The token itself never crosses the bus."""
        return read(Session, self._ask("resolve_session", context, {"token_sha256": token_sha256})["session"])

    def log_out(self, context: Context) -> None:
        """Close the session of the context."""
        self._ask("log_out", context, {})

    def list_sessions(self, context: Context) -> tuple[OwnSession, ...]:
        """Return the account's open sessions."""
        return read_each(OwnSession, self._ask("list_sessions", context, {})["data"])

    def close_session(self, context: Context, session_id: str) -> None:
        """Close one of one's own sessions; refused not_found."""
        self._ask("close_session", context, {"session_id": session_id})

    def choose_language(self, context: Context, language: str) -> Session:
        """Return the session, its person from now on spoken and written to in another language."""
        return read(Session, self._ask("choose_language", context, {"language": language})["session"])

    def switch_organisation(
        self, context: Context, organisation_id: str, membership_id: str | None = None
    ) -> Session:
        """Return the session, from now on in another membership; refused not_found.

        Without `membership_id` it is the first one in the organisation.
        """
        request = given(organisation_id=organisation_id, membership_id=membership_id)
        reply = self._ask("switch_organisation", context, request)
        return read(Session, reply["session"])
