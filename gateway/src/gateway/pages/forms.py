"""Forms of this site only: a CSRF token in every form, and the browser's own word on where it comes from.

Pages send `Referrer-Policy: no-referrer`, with which browsers write `Origin: null` on the forms of the same
site; `Sec-Fetch-Site` then tells. A request with neither header comes from a program: its token decides.
"""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError, CSRFProtect

from gateway import cookies
from gateway.errors import Refused

SAFE_METHODS: Final = {"GET", "HEAD", "OPTIONS"}
TOKEN_LIFE_S: Final = 12 * 3600  # as long as a session may last

csrf = CSRFProtect()


class FormCookie(SecureCookieSessionInterface):
    """Reads the cookie that holds a token's secret, for pages: under /api/ no cookie counts."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds."""
        if request.path.startswith("/api/"):
            return self.session_class()
        return super().open_session(app, request)


def install(app: Flask, *, https: bool) -> None:
    """Name the cookie that holds the token's secret; it says nothing about who is logged in."""
    app.session_interface = FormCookie()
    app.config.update(
        SESSION_COOKIE_NAME=cookies.name_of("form", https=https),
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # the API has bearer tokens and needs none
        WTF_CSRF_TIME_LIMIT=TOKEN_LIFE_S,
        WTF_CSRF_SSL_STRICT=False,  # it would ask for the referrer that we don't send
    )
    csrf.init_app(app)


def check() -> None:
    """Refuse csrf_failed what comes from another site or without a valid token."""
    if request.method in SAFE_METHODS:
        return
    if not _from_here():
        raise Refused("csrf_failed")
    try:
        csrf.protect()
    except CSRFError as error:
        raise Refused("csrf_failed") from error


def renew() -> None:
    """Forget the token: a log-in starts with a new one."""
    session.pop("csrf_token", None)


def _from_here() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    settings = current_app.extensions["settings"]
    if origin is None:
        return True
    if origin == "null":
        # without TLS some browsers don't send Sec-Fetch-Site at all
        return site == "same-origin" or (site is None and not settings.https)
    return origin in {_origin_of(settings.public_url), _origin_of(request.host_url)}


def _origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
