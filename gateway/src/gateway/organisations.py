"""Organisations by slug, kept for a minute: a town's log-in page must not cost a call per visitor."""

from typing import Any, Final

from flask import current_app

from gateway import clients, session
from gateway.cache import Cache

CACHE_TTL_S: Final = 60.0
CACHE_ENTRIES_MAX: Final = 500

Organisation = dict[str, Any]


def new_cache() -> Cache[Organisation]:
    """Make the cache of one process (`app.extensions["organisations"]`)."""
    return Cache(CACHE_TTL_S, CACHE_ENTRIES_MAX)


def by_slug(slug: str) -> Organisation:
    """Return {id, slug, name, time_zone, language, announcements}; refused not_found, each time anew."""
    cache: Cache[Organisation] = current_app.extensions["organisations"]
    found = cache.get(slug)
    if found is None:
        asked_at = cache.clock()
        found = clients.current().identity.get_organisation(session.anonymous(), slug)["organisation"]
        cache.put(slug, found, asked_at)
    return found
