"""Organisations by slug, kept for a minute: a town's log-in page must not cost a call per visitor.

And at which of them a browser is, before anybody is logged in.
"""

import re
from typing import Final

from flask import current_app
from werkzeug.wrappers import Response

from chassis.values.cache import Cache
from gateway import clients, cookies, session
from gateway.clients.identity import Organisation

CACHE_TTL_S: Final = 60.0
CACHE_ENTRIES_MAX: Final = 500
COOKIE: Final = "organisation"
COOKIE_AGE_S: Final = 365 * 24 * 3600
SLUG_PATTERN: Final = "[a-z0-9][a-z0-9-]{0,62}"


def new_cache() -> Cache[str, Organisation]:
    """Return the cache of one process (`app.extensions["organisations"]`)."""
    return Cache(CACHE_TTL_S, CACHE_ENTRIES_MAX)


def here() -> str:
    """Return the slug of the organisation at whose pages this browser was last, else of the first one."""
    slug = cookies.read(COOKIE)
    if re.fullmatch(SLUG_PATTERN, slug):
        return slug
    first: str = current_app.extensions["settings"].organisation_slug
    return first


def stay(response: Response, slug: str) -> None:
    """Have the browser come back to this organisation: after an error, a log-out, the end of a session."""
    cookies.keep(response, COOKIE, slug, COOKIE_AGE_S)


def kept(slug: str) -> Organisation | None:
    """Return an organisation that was asked for within the last minute; it costs no call."""
    cache: Cache[str, Organisation] = current_app.extensions["organisations"]
    return cache.get(slug)


def by_slug(slug: str) -> Organisation:
    """Return the organisation that has this name in addresses; refused not_found, each time anew."""
    cache: Cache[str, Organisation] = current_app.extensions["organisations"]
    return cache.get_or(slug, lambda: clients.current().identity.get_organisation(session.anonymous(), slug))
