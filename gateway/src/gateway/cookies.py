"""What we keep in browsers: small texts that no script reads and no other site's form sends along.

Over TLS their names begin with `__Host-`, by which browsers refuse them from anybody but this host.
"""

from typing import Final

from flask import Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

PREFIX: Final = "__Host-"


def name_of(plain: str, *, https: bool) -> str:
    """Return the name under which browsers keep a cookie; the prefix needs TLS."""
    return PREFIX + plain if https else plain


def read(plain: str) -> str:
    """Return what this browser keeps under a name, or an empty text."""
    return request.cookies.get(name_of(plain, https=_https()), "")


def keep(response: AnyResponse, plain: str, value: str, age_s: int | None = None) -> None:
    """Have the browser keep a value: for so many seconds, or until it is closed."""
    response.set_cookie(
        name_of(plain, https=_https()),
        value,
        max_age=age_s,
        secure=_https(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def take_back(response: Response, plain: str) -> None:
    """Have the browser forget what it keeps under a name."""
    response.delete_cookie(
        name_of(plain, https=_https()), path="/", secure=_https(), httponly=True, samesite="Lax"
    )


def _https() -> bool:
    https: bool = current_app.extensions["settings"].https
    return https
