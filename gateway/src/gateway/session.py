"""Who is asking: from a token to a session, and from a session to the context that travels with every call.

The API reads `Authorization: Bearer …` only, pages read the cookie only: since no cookie counts under
/api/, no other site can make a browser book there. The token stays in this process; identity is asked by its
SHA-256.
"""

import hashlib
import re
from dataclasses import replace
from typing import Final

from flask import Response, current_app, g, request

from chassis.values.cache import Cache
from chassis.values.context import Context
from gateway import clients, cookies
from gateway.clients.identity import Device, LoggedIn, Session
from gateway.errors import Refused

CACHE_TTL_S: Final = 1.0  # a session closed elsewhere ends here within this time (trust: 2 s in all)
CACHE_ENTRIES_MAX: Final = 10_000
ISSUER: Final = "gateway"
COOKIE: Final = "session"
DEVICE_COOKIE: Final = "device"
USER_AGENT_MAX: Final = 200
DEVICE_PATTERN: Final = "[A-Za-z0-9_-]{43}"
DEVICE_AGE_S: Final = 395 * 24 * 3600  # as long as identity knows a device after a log-in
_TOKEN: Final = re.compile(r"[A-Za-z0-9_\-.~+/=]{20,200}")


def new_cache() -> Cache[str, Session]:
    """Return the session cache of one process (`app.extensions["sessions"]`)."""
    return Cache(CACHE_TTL_S, CACHE_ENTRIES_MAX)


def current() -> Session | None:
    """Return the session of this request, or None; resolved once per request.

    A token that identity does not know any more gives None; identity out of reach raises Unavailable.
    """
    if "session" not in g:
        try:
            found = _resolve(token())
        except Refused as refusal:
            if refusal.code not in {"session_expired", "not_found"}:
                raise
            found = None
        _remember(found)
    return known()


def known() -> Session | None:
    """Return the session of this request when somebody asked for it before, else None; it costs no call."""
    found = getattr(g, "session", None)
    return found if isinstance(found, Session) else None


def required() -> Session:
    """Return the session of this request; refused unauthenticated without a token, else session_expired."""
    found = current()
    if found is None:
        raise Refused("session_expired" if token() else "unauthenticated")
    return found


def token() -> str:
    """Return the token that came with the request, or an empty text."""
    if request.path.startswith("/api/"):
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        return value.strip() if scheme.lower() == "bearer" else ""
    return cookies.read(COOKIE)


def token_sha256(value: str) -> str:
    """Return the name under which identity knows a token."""
    return hashlib.sha256(value.encode()).hexdigest()


def _resolve(value: str) -> Session | None:
    if not _TOKEN.fullmatch(value):  # what can't be a token is not worth a call
        return None
    key = token_sha256(value)
    cache: Cache[str, Session] = current_app.extensions["sessions"]
    return cache.get_or(key, lambda: clients.current().identity.resolve_session(anonymous(), key))


def _remember(found: Session | None) -> None:
    g.session = found
    if found is not None:
        g.language = found.language


def context() -> Context:
    """Return the context of the person who asks; refused when nobody is logged in."""
    found = required()
    return Context(
        kind="person",
        issuer=ISSUER,
        organisation_id=found.organisation.id,
        account_id=found.account_id,
        family_id=found.family_id,
        guardian_id=found.guardian_id,
        merged_family_ids=found.merged_family_ids,
        membership_id=found.membership_id,
        grants=found.grants,
        roles=found.roles,
        centre_ids=found.centre_ids,
        session_id=found.id,
        request_id=g.request_id,
        deadline=g.deadline,
        language=found.language,
    )


def anonymous(organisation_id: str | None = None) -> Context:
    """Return the context of somebody unknown: log in, organisation look-up, payment callback."""
    return Context(
        kind="anonymous",
        issuer=ISSUER,
        organisation_id=organisation_id,
        request_id=g.request_id,
        deadline=g.deadline,
    )


def log_in(login: str, password: str, device: Device, organisation_id: str | None = None) -> LoggedIn:
    """Return a new session and its token. Refused as identity refuses.

    It consults the organisation if the account belongs to it.
    """
    user_agent = "".join(filter(str.isprintable, request.headers.get("User-Agent", "")))[:USER_AGENT_MAX]
    device = replace(device, user_agent=user_agent or None, address=request.remote_addr)
    opened = clients.current().identity.log_in(anonymous(organisation_id), login, password, device)
    _remember(opened.session)
    return opened


def log_out() -> None:
    """Close the session of this request, here at once and in the other workers within the cache's time."""
    clients.current().identity.log_out(context())
    forget()


def switch_organisation(organisation_id: str) -> Session:
    """Return the session of this request, moved to the first membership in an organisation of the account."""
    return _moved(organisation_id)


def switch_membership(membership_id: str) -> Session:
    """Return the session of this request, moved to another membership of the account; refused not_found.

    It is named only where its organisation has several: an identity of an earlier release knows organisations
    alone.
    """
    memberships = required().memberships
    wanted = next((each for each in memberships if each.id == membership_id), None)
    if wanted is None:
        raise Refused("not_found", "the account has no such membership")
    beside = [each for each in memberships if each.organisation_id == wanted.organisation_id]
    return _moved(wanted.organisation_id, membership_id if len(beside) > 1 else None)


def choose_language(language: str) -> Session:
    """Return the session of this request, its person spoken and written to in another language."""
    found = clients.current().identity.choose_language(context(), language)
    forget()
    _remember(found)
    return found


def _moved(organisation_id: str, membership_id: str | None = None) -> Session:
    found = clients.current().identity.switch_organisation(context(), organisation_id, membership_id)
    forget()
    _remember(found)
    return found


def forget() -> None:
    """Drop the cached session of this request, because it just changed."""
    cache: Cache[str, Session] = current_app.extensions["sessions"]
    cache.drop(token_sha256(token()))
    g.pop("session", None)


def set_cookie(response: Response, value: str) -> None:
    """Hand the token to a browser: unreadable by scripts, never sent along by other sites' forms."""
    cookies.keep(response, COOKIE, value)


def device() -> Device:
    """Return the browser as identity is to know it: by the token that it keeps, or by a new one."""
    value = cookies.read(DEVICE_COOKIE)
    known = re.fullmatch(DEVICE_PATTERN, value) is not None
    return Device(token=value if known else None, remembered=True)


def set_device_cookie(response: Response, value: str) -> None:
    """Hand the browser the token by which it is known at the next log-in."""
    cookies.keep(response, DEVICE_COOKIE, value, DEVICE_AGE_S)


def clear_cookie(response: Response) -> None:
    """Take the token back from the browser."""
    cookies.take_back(response, COOKIE)
