"""Addresses of our own pages and files, each made once: a page has thirty, the same for nearly everybody.

werkzeug builds an address anew whenever it is asked; none of ours depends on who asks.
"""

from functools import lru_cache
from typing import Any, Final

import flask
from flask import current_app, request

KEPT: Final = 4096


def url_for(endpoint: str, **values: Any) -> str:
    """Return the path of an endpoint with these values, as flask.url_for does."""
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint}{endpoint}"
    try:
        return _made(current_app.import_name, request.script_root, endpoint, tuple(values.items()))
    except TypeError:  # a list can't be remembered
        return flask.url_for(endpoint, **values)


@lru_cache(KEPT)
def _made(_app: str, _root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return flask.url_for(endpoint, **dict(values))
