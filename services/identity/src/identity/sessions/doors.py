"""Logging in and out, one's own sessions, and the membership that one consults."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

from chassis.doors.capabilities import anonymous, own_account
from chassis.doors.rpc import rpc
from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.storage.documents import Document
from chassis.values.errors import Refused
from chassis.values.scope import Scope
from identity.accounts.contract import ChooseLanguage, ChooseLanguageRequest
from identity.accounts.model import Account
from identity.accounts.render import languages_told
from identity.accounts.rules import former_login, normalised_login
from identity.accounts.store import AccountStore
from identity.copies.store import FamilyStore
from identity.organisations.model import IdentitySettings
from identity.organisations.store import IdentitySettingsStore, OrganisationStore
from identity.ports import Call
from identity.ports.hashing import Check, Verdict
from identity.sessions import contract, render, rules
from identity.sessions.contract import (
    CloseSession,
    LogIn,
    Nothing,
    Reply,
    ResolveSession,
    SwitchOrganisation,
)
from identity.sessions.model import Session
from identity.sessions.store import SessionStore
from identity.throttle import rules as throttle
from identity.throttle.model import Bucket, Device
from identity.throttle.store import AttemptStore

TOKEN_BYTES = 32
GONE = "the caller listens no more"
log = get_logger()

USER_AGENT_KEPT = 200  # enough to recognise one's device in a list


@rpc(anonymous(), request=contract.LogInRequest(), reply=contract.LogInReply())
def log_in(call: Call, request: LogIn) -> Reply:
    """Open a session for login and password.

    Refused: invalid_credentials, the same for an unknown login and a wrong password; too_many_attempts and
    overloaded, with the seconds to wait. No password is checked and no session opened for a caller that has
    gone.
    """
    with _refusals_logged(call, request):
        accounts, login = call.store(AccountStore), normalised_login(request.login)
        with call.ports.hashing.place(call.left_s) as check:
            account = accounts.account_by_login(login, former_login(request.login))
            device = _known_device(call, account, request)
            buckets = throttle.buckets(login, device.sha256 if device else None, request.address)
            _count_attempt(call, buckets)
            verdict = _check(call, check, request, account, buckets)
        if account is None or not verdict.matches:
            raise Refused("invalid_credentials")
        failpoint("identity.log_in.after_count")
        _forgive(call, buckets)
        failpoint("identity.log_in.after_forgiving")
        if verdict.fresh_hash:
            accounts.keep_fresh_hash(account, verdict.fresh_hash)
            failpoint("identity.log_in.after_fresh_hash")
        device_token = _remember_device(call, account, device, request)
        failpoint("identity.log_in.after_device")
        opened = _open_session(call, account, request.user_agent)
        failpoint("identity.log_in.after_session")
        _log_success(call, request, opened["session"], known_device=device is not None)
        return {**opened, "device_token": device_token}


@rpc(anonymous(), request=contract.ResolveSessionRequest(), reply=contract.SessionReply())
def resolve_session(call: Call, request: ResolveSession) -> Reply:
    """Tell whose session a token opens; session_expired when there is none or its time is over."""
    store, now = call.store(SessionStore), call.now()
    session = _live(call, store.session_by_token(request.token_sha256), now)
    if rules.is_touch_due(session, now):
        failpoint("identity.resolve_session.before_write")
        store.touch_session(request.token_sha256, session, now)
        failpoint("identity.resolve_session.after_write")
        session = rules.touched(session, now)
    return {"session": _view(call, session)}


@rpc(own_account(), request=contract.NothingRequest(), reply=contract.ClosedReply())
def log_out(call: Call, _request: Nothing) -> Reply:
    """End the session by which the person asks."""
    closed = call.store(SessionStore).close_session(call.account_id, call.context.session_id)
    log.info("logged_out", account_id=call.account_id, session_id=call.context.session_id)
    return {"closed": closed}


@rpc(own_account(), request=contract.NothingRequest(), reply=contract.SessionsReply())
def list_sessions(call: Call, _request: Nothing) -> Reply:
    """List the open sessions of the person who asks, the latest first."""
    now = call.now()
    found = call.store(SessionStore).sessions(call.account_id)
    live = [each for each in found if rules.is_live(each, _settings_of(call, each), now)]
    return {"data": [render.session_line(session, call.context.session_id) for session in live]}


@rpc(own_account(), request=contract.CloseSessionRequest(), reply=contract.ClosedReply())
def close_session(call: Call, request: CloseSession) -> Reply:
    """End one of the person's own sessions; not_found for any other."""
    if not call.store(SessionStore).close_session(call.account_id, request.session_id):
        raise Refused("not_found", "the person has no such session")
    log.info("session_closed", account_id=call.account_id, session_id=request.session_id)
    return {"closed": 1}


@rpc(own_account(), request=contract.SwitchOrganisationRequest(), reply=contract.SessionReply())
def switch_organisation(call: Call, request: SwitchOrganisation) -> Reply:
    """Consult another of the person's memberships in the same session.

    Refused: not_found where the person does not belong; session_expired, also where the session is too old
    for what the person is there.
    """
    store, now = call.store(SessionStore), call.now()
    found = [each for each in store.sessions(call.account_id) if each.id == call.context.session_id]
    session = _live(call, found[0] if found else None, now)
    there = rules.consulting(session, request.organisation_id, request.membership_id)
    if there is None:
        raise Refused("not_found", "the person does not belong to this organisation")
    _live(call, there, now)
    if not store.consult(call.account_id, there, rules.expires_at(there, _settings_of(call, there))):
        raise Refused("session_expired")
    return {"session": _view(call, there)}


@rpc(own_account(), request=ChooseLanguageRequest(), reply=contract.SessionReply())
def choose_language(call: Call, request: ChooseLanguage) -> Reply:
    """Speak and write to the person in this language from now on: pages, and mails of every organisation.

    Refused: session_expired.
    """
    now = call.now()
    call.store(AccountStore).choose_language(
        call.account_id,
        request.language,
        lambda account: languages_told([account], now, call.request_id, call.actor),
    )
    failpoint("identity.choose_language.after_commit")
    call.bell.wake()
    found = call.store(SessionStore).sessions(call.account_id)
    own = next((each for each in found if each.id == call.context.session_id), None)
    return {"session": _view(call, _live(call, own, now))}


def _view(call: Call, session: Session) -> Document:
    """Return what is told of a session, with the names and the other ids of its families."""
    consulted, families = session.consulted.membership, call.store(FamilyStore)
    names = families.family_names(rules.families_to_name(session))
    merged = families.also_called(Scope(consulted.organisation_id, consulted.family_id))
    return render.session_view(session, _settings_of(call, session), names, merged)


def _settings_of(call: Call, session: Session) -> IdentitySettings:
    """Return what the organisation that a session consults decided."""
    consulted = session.consulted.membership
    return call.store(IdentitySettingsStore).read(Scope(consulted.organisation_id))


def _live(call: Call, session: Session | None, now: datetime) -> Session:
    if session is None or not rules.is_live(session, _settings_of(call, session), now):
        raise Refused("session_expired")
    return session


@contextmanager
def _refusals_logged(call: Call, request: LogIn) -> Iterator[None]:
    """Write a line for a log-in that is refused, which names neither who nor from where.

    `network` is another name for the address, good for a day: lines of one crowd have the same.
    """
    try:
        yield
    except Refused as refusal:
        log.info(
            "log_in_refused",
            reason=refusal.code,
            organisation_id=call.context.organisation_id,
            network=_network(call, request),
            wait_s=refusal.retry_after_s,
        )
        raise


def _log_success(call: Call, request: LogIn, opened: Any, *, known_device: bool) -> None:
    """Write a line for a session that was opened: by ids alone, as all lines name people."""
    log.info(
        "logged_in",
        account_id=opened["account_id"],
        session_id=opened["id"],
        organisation_id=opened["organisation"]["id"],
        network=_network(call, request),
        known_device=known_device,
    )


def _network(call: Call, request: LogIn) -> str:
    """Return what stands for the address of a log-in in the log of a day."""
    pseudonym: str = call.ports.hashing.pseudonym(throttle.network_of(request.address), call.now().date())
    return pseudonym


def _known_device(call: Call, account: Account | None, request: LogIn) -> Device | None:
    """Return the device that asks, if the account logged in from it before."""
    if account is None or request.device_token is None:
        return None
    sha256 = throttle.device_sha256(account.id, request.device_token)
    return throttle.known_device(account.devices, sha256, call.now())


def _remember_device(call: Call, account: Account, known: Device | None, request: LogIn) -> str | None:
    """Return the token by which the device is known from now on; None where it shall not be remembered."""
    if request.device_token is None and not request.remember_device:
        return None
    token, now = request.device_token or secrets.token_urlsafe(TOKEN_BYTES), call.now()
    if throttle.is_renewal_due(known, now):
        device = Device(throttle.device_sha256(account.id, token), now)
        call.store(AccountStore).remember_device(account, device)
    return token


def _count_attempt(call: Call, buckets: list[Bucket]) -> None:
    """Count the attempt in each bucket; where one says to wait, it is taken back from those before it."""
    attempts, now = call.store(AttemptStore), call.now()
    for position, bucket in enumerate(buckets):
        if wait_s := attempts.count_attempt(bucket, now):
            for counted in buckets[:position]:
                attempts.forgive_attempt(counted)
            raise Refused("too_many_attempts", retry_after_s=wait_s)


def _check(
    call: Call, check: Check, request: LogIn, account: Account | None, counted: list[Bucket]
) -> Verdict:
    """Return whether the password is right; an attempt whose turn comes too late is not counted."""
    try:
        return check(request.password, account.password_hash if account else None)
    except Refused:
        for bucket in counted:
            call.store(AttemptStore).forgive_attempt(bucket)
        raise


def _forgive(call: Call, counted: list[Bucket]) -> None:
    """Start the account's bucket anew; an address only gets back this one attempt, others share it."""
    *shared, own = counted
    call.store(AttemptStore).forget_attempts(own)
    for bucket in shared:
        call.store(AttemptStore).forgive_attempt(bucket)


def _open_session(call: Call, account: Account, user_agent: str) -> Reply:
    now, token = call.now(), secrets.token_urlsafe(TOKEN_BYTES)
    organisations = call.store(OrganisationStore).organisations(
        m.organisation_id for m in account.memberships
    )
    affiliations = rules.affiliations_of(account, organisations)
    membership_id = rules.first_membership(affiliations, call.context.organisation_id)
    if membership_id is None:
        raise Refused("invalid_credentials", "the account belongs to no organisation")
    session = Session(
        id=call.ids.new_id(),
        account_id=account.id,
        login=account.login,
        display_name=account.display_name,
        language=account.language,
        affiliations=affiliations,
        membership_id=membership_id,
        user_agent=user_agent[:USER_AGENT_KEPT],
        created_at=now,
        last_seen_at=now,
        is_claimed=False,
    )
    token_sha256 = sha256(token.encode()).hexdigest()
    forget_at = rules.expires_at(session, _settings_of(call, session))
    if call.left_s() <= 0:
        raise Refused("unavailable", GONE, retry_after_s=1)
    if not call.store(SessionStore).open_session(session, token_sha256, account, forget_at):
        raise Refused("unavailable", "the account changed at this very moment", retry_after_s=1)
    if call.left_s() <= 0:
        call.store(SessionStore).close_session(account.id, session.id)
        raise Refused("unavailable", GONE, retry_after_s=1)
    return {"token": token, "session": _view(call, session)}
