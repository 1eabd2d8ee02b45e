"""Organisations by slug, kept for a minute: a town's log-in page must not cost a call per visitor."""

from typing import Final

from flask import current_app

from chassis.values.cache import Cache
from gateway import clients, session
from gateway.clients.identity import Organisation

CACHE_TTL_S: Final = 60.0
CACHE_ENTRIES_MAX: Final = 500


def new_cache() -> Cache[str, Organisation]:
    """Return the cache of one process (`app.extensions["organisations"]`)."""
    return Cache(CACHE_TTL_S, CACHE_ENTRIES_MAX)


def by_slug(slug: str) -> Organisation:
    """Return the organisation that has this name in addresses; refused not_found, each time anew."""
    cache: Cache[str, Organisation] = current_app.extensions["organisations"]
    return cache.get_or(slug, lambda: clients.current().identity.get_organisation(session.anonymous(), slug))
