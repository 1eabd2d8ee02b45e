"""The doors of identity. Each loads, fetches, decides, keeps and answers; what it decides by is in rules."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from chassis.doors.providers import ClockProvider, IdsProvider
from chassis.doors.rpc import rpc
from chassis.running.failpoints import failpoint
from chassis.storage.mongo import Mongo
from chassis.storage.outbox import Relay, Rows
from chassis.storage.outbox.sources import Db
from chassis.values.clock import Clock
from chassis.values.context import Context
from chassis.values.errors import Refused
from chassis.values.ids import Ids
from identity import settings
from identity.accounts.model import Account
from identity.accounts.rules import normalised_login
from identity.accounts.store import AccountStore
from identity.organisations import contract as organisations
from identity.organisations.render import organisation_reply
from identity.organisations.store import OrganisationStore
from identity.ports.hashing import HashingDesk, HashingDeskProvider, Passwords
from identity.sessions import contract, render, rules
from identity.sessions.model import Session
from identity.sessions.store import SessionStore
from identity.throttle import rules as throttle
from identity.throttle.model import Bucket
from identity.throttle.store import AttemptStore

EVENTS = organisations.EVENTS
REFUSALS = (
    "malformed",
    "forbidden",
    "not_found",
    "invalid_credentials",
    "too_many_attempts",
    "overloaded",
    "session_expired",
    "unavailable",
)
"""Of these too_many_attempts and overloaded carry retry_after_s; so does unavailable, which is where a log-in
meets a change of its own account."""

TOKEN_BYTES = 32
USER_AGENT_KEPT = 200  # enough to recognise one's device in a list

Reply = dict[str, Any]


def _hashing_desk(workers: int) -> HashingDesk:
    """Make the desk from the environment."""
    read = settings.read()
    passwords = Passwords(read.pepper, memory_kib=read.memory_kib, time_cost=read.time_cost)
    return HashingDesk(
        passwords, threads=read.hashing_threads, queue_max=read.hashing_queue_max, workers=workers
    )


class Store:
    """What the nouns of identity remember, in one database."""

    def __init__(self, database: Db) -> None:
        self.database = database
        self.organisations = OrganisationStore(database)
        self.accounts = AccountStore(database)
        self.attempts = AttemptStore(database)
        self.sessions = SessionStore(database)

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create what is missing; called at every start."""
        for store in (OrganisationStore, AccountStore, AttemptStore, SessionStore):
            store.ensure_indexes(database)


class Identity:
    """Who people are, where they belong, and which of their sessions are open."""

    name = "identity"

    store: Store = Mongo(Store)
    relay = Relay(events=EVENTS, sources=[Rows("outbox")])
    clock: Clock = ClockProvider()
    ids: Ids = IdsProvider()
    hashing: HashingDesk = HashingDeskProvider(_hashing_desk)

    # ------------------------------------------------------------ organisations

    @rpc(
        accepts={"gateway": {"anonymous", "person"}},
        request=organisations.GetOrganisation(),
        reply=organisations.OrganisationReply(),
    )
    def get_organisation(self, context: Context, request: Mapping[str, str]) -> Reply:  # noqa: ARG002  (public)
        """Tell what anybody may know of the organisation with this slug; not_found."""
        organisation = self.store.organisations.organisation_by_slug(request["slug"])
        if organisation is None:
            raise Refused("not_found", "no organisation is called so")
        return organisation_reply(organisation)

    # ------------------------------------------------------------ logging in and out

    @rpc(accepts={"gateway": {"anonymous"}}, request=contract.LogIn(), reply=contract.LogInReply())
    def log_in(self, context: Context, request: Mapping[str, str]) -> Reply:
        """Open a session for login and password.

        Refused: invalid_credentials, the same for an unknown login and a wrong password; too_many_attempts
        and overloaded, with the seconds to wait.
        """
        login = normalised_login(request["login"])
        device = throttle.device(login, request["user_agent"], request["address"])
        with self.hashing.place() as check:
            account = self.store.accounts.account_by_login(login)
            known = account.known_devices if account else ()
            counted = self._count_attempt(throttle.buckets(login, device, request["address"], known))
            verdict = check(request["password"], account.password_hash if account else None)
        if account is None or not verdict.matches:
            raise Refused("invalid_credentials")
        failpoint("identity.log_in.after_count")
        self._forgive(counted)
        failpoint("identity.log_in.after_forgiving")
        if verdict.fresh_hash:
            self.store.accounts.keep_fresh_hash(account, verdict.fresh_hash)
            failpoint("identity.log_in.after_fresh_hash")
        self.store.accounts.remember_device(account, device)
        failpoint("identity.log_in.after_device")
        opened = self._open_session(context, account, request["user_agent"])
        failpoint("identity.log_in.after_session")
        return opened

    @rpc(accepts={"gateway": {"anonymous"}}, request=contract.ResolveSession(), reply=contract.SessionReply())
    def resolve_session(self, context: Context, request: Mapping[str, str]) -> Reply:  # noqa: ARG002  (the token is the proof)
        """Tell whose session a token opens; session_expired when there is none or its time is over."""
        token_sha256, now = request["token_sha256"], self.clock.now()
        session = self._live(self.store.sessions.session_by_token(token_sha256), now)
        if rules.is_touch_due(session, now):
            failpoint("identity.resolve_session.before_write")
            self.store.sessions.touch_session(token_sha256, session, now)
            failpoint("identity.resolve_session.after_write")
            session = rules.touched(session, now)
        return {"session": render.session_view(session)}

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=contract.ClosedReply())
    def log_out(self, context: Context, request: Mapping[str, str]) -> Reply:  # noqa: ARG002  (says nothing)
        """End the session by which the person asks."""
        return {"closed": self.store.sessions.close_session(context, context.session_id)}

    # ------------------------------------------------------------ one's own sessions

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=contract.SessionsReply())
    def list_sessions(self, context: Context, request: Mapping[str, str]) -> Reply:  # noqa: ARG002  (says nothing)
        """List the open sessions of the person who asks, the latest first."""
        now = self.clock.now()
        live = [session for session in self.store.sessions.sessions(context) if rules.is_live(session, now)]
        return {"data": [render.session_line(session, context.session_id) for session in live]}

    @rpc(accepts={"gateway": {"person"}}, request=contract.CloseSession(), reply=contract.ClosedReply())
    def close_session(self, context: Context, request: Mapping[str, str]) -> Reply:
        """End one of the person's own sessions; not_found for any other."""
        if not self.store.sessions.close_session(context, request["session_id"]):
            raise Refused("not_found", "the person has no such session")
        return {"closed": 1}

    @rpc(
        accepts={"gateway": {"person"}}, request=contract.SwitchOrganisation(), reply=contract.SessionReply()
    )
    def switch_organisation(self, context: Context, request: Mapping[str, str]) -> Reply:
        """Consult another of the person's organisations in the same session.

        Refused: not_found where the person does not belong; session_expired, also where the session is too
        old for the roles that the person has there.
        """
        now = self.clock.now()
        found = [each for each in self.store.sessions.sessions(context) if each.id == context.session_id]
        session = self._live(found[0] if found else None, now)
        there = rules.consulting(session, request["organisation_id"])
        if there is None:
            raise Refused("not_found", "the person does not belong to this organisation")
        self._live(there, now)
        if not self.store.sessions.consult(context, there):
            raise Refused("session_expired")
        return {"session": render.session_view(there)}

    # ------------------------------------------------------------ steps of the doors

    def _live(self, session: Session | None, now: datetime) -> Session:
        if session is None or not rules.is_live(session, now):
            raise Refused("session_expired")
        return session

    def _count_attempt(self, buckets: list[Bucket]) -> list[Bucket]:
        """Count the attempt in each bucket; where one says to wait, it is taken back from those before it."""
        now = self.clock.now()
        for position, bucket in enumerate(buckets):
            if wait_s := self.store.attempts.count_attempt(bucket, now):
                for counted in buckets[:position]:
                    self.store.attempts.forgive_attempt(counted)
                raise Refused("too_many_attempts", retry_after_s=wait_s)
        return buckets

    def _forgive(self, counted: list[Bucket]) -> None:
        """Start the account's bucket anew; an address only gets back this one attempt, others share it."""
        own, *shared = counted
        self.store.attempts.forget_attempts(own)
        for bucket in shared:
            self.store.attempts.forgive_attempt(bucket)

    def _open_session(self, context: Context, account: Account, user_agent: str) -> Reply:
        now, token = self.clock.now(), secrets.token_urlsafe(TOKEN_BYTES)
        organisations = self.store.organisations.organisations(m.organisation_id for m in account.memberships)
        standings = rules.standings_of(account, organisations)
        organisation_id = rules.first_organisation(standings, context.organisation_id)
        if organisation_id is None:
            raise Refused("invalid_credentials", "the account belongs to no organisation")
        session = Session(
            id=self.ids.new_id(),
            account_id=account.id,
            login=account.login,
            display_name=account.display_name,
            language=account.language,
            standings=standings,
            organisation_id=organisation_id,
            user_agent=user_agent[:USER_AGENT_KEPT],
            created_at=now,
            last_seen_at=now,
        )
        if not self.store.sessions.open_session(session, sha256(token.encode()).hexdigest(), account):
            raise Refused("unavailable", "the account changed at this very moment", retry_after_s=1)
        return {"token": token, "session": render.session_view(session)}
