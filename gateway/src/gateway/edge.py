"""What happens to every request before a view sees it, and to every response after.

The host it was sent to, request id in and out, sizes, characters, JSON parsed once, security headers. No
route, no session.
"""

import json
import re
import secrets
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import structlog
from flask import Flask, Request, Response, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from chassis.values.clock import Clock
from gateway.errors import Refused
from gateway.settings import Settings

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

ADDRESS_BYTES_MAX: Final = 4000  # path and query; gunicorn cuts the line at 8190 and answers by itself
BODY_BYTES_MAX: Final = 256 * 1024
DISCARDED_BYTES_MAX: Final = 1024 * 1024
FORM_PARTS_MAX: Final = 1000
HSTS_S: Final = 31_536_000
STATIC_AGE_S: Final = 3600
KEPT: Final = {200, 304}
"""Of files, what others may keep: their errors are about one request."""

UNREADABLE: Final = "gateway.unreadable"
"""In the environment of what can't be taken as a request: the status that says so."""

LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
PROBED: Final = {"/healthz", "/readyz"}
"""Asked by whatever address a machine has."""

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,63}")
# C0 without tab and line ends, DEL, C1, surrogates: nothing a person types on purpose.
_REFUSED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPED: Final = re.compile(rb"\\u(?:00[01789]|d[89a-f])", re.IGNORECASE)
_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)(?::\d{1,5})?")
_FORM_TYPES: Final = {"application/x-www-form-urlencoded", "multipart/form-data"}


def install(app: Flask, settings: Settings) -> None:
    """Put the checks before every view and the headers behind it."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX + 1  # a chunked body is cut there; one byte tells
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_BYTES_MAX
    app.config["MAX_FORM_PARTS"] = FORM_PARTS_MAX
    headers = security_headers(settings)
    app.before_request(partial(name_request, timedelta(seconds=settings.answer_within_s)))
    app.before_request(check_request)

    def finish(response: Response) -> Response:
        if response.status_code == RequestEntityTooLarge.code:
            _discard_body()
        for name, value in headers:
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if (request.endpoint or "").endswith("static"):
            kept = response.status_code in KEPT
            response.headers["Cache-Control"] = f"public, max-age={STATIC_AGE_S}" if kept else "no-store"
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(finish)
    hosts = TrustedHosts(settings)

    class NamedRequest(Request):
        """A request that came to one of our names."""

        def __init__(self, environ: "WSGIEnvironment", *args: Any, **options: Any) -> None:
            hosts.check(environ)
            super().__init__(environ, *args, **options)

    app.request_class = NamedRequest


class TrustedHosts:
    """Lets nobody name us as they like: another host is refused (400), and no address is made with it.

    Ours are the host of the public address, those of the settings, and this machine's own names when the
    public address is one of them.
    """

    def __init__(self, settings: Settings) -> None:
        public = urlsplit(settings.public_url)
        self._public = public.netloc
        self._trusted = {str(public.hostname).encode("idna").decode(), *settings.hosts}
        if self._trusted & LOOPBACK:
            self._trusted |= LOOPBACK

    def check(self, environ: "WSGIEnvironment") -> None:
        """Put a request that came under none of our names under one, to be refused."""
        found = _HOST.fullmatch(environ.get("HTTP_HOST", "").lower())
        if found is None or found[1].strip("[]") not in self._trusted:
            environ["HTTP_HOST"] = self._public
            if environ.get("PATH_INFO") not in PROBED:
                environ.setdefault(UNREADABLE, 400)


def security_headers(settings: Settings) -> list[tuple[str, str]]:
    """Return the headers of every response: nothing is loaded from elsewhere, nothing inline, no frame."""
    form_action = f"'self' {settings.payment_host}".strip()
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action {form_action}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    headers = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
    if settings.https:
        headers.append(("Strict-Transport-Security", f"max-age={HSTS_S}; includeSubDomains"))
    return headers


def name_request(answer_within: timedelta) -> None:
    """Take the caller's request id when it is harmless, else make one; start the request's clock.

    All calls of one request together may take until its deadline; then it is answered 503.
    """
    asked = request.headers.get("X-Request-Id", "")
    g.deadline = Clock().now() + answer_within
    g.request_id = asked if _REQUEST_ID.fullmatch(asked) else secrets.token_hex(16)
    structlog.contextvars.clear_contextvars()  # a pooled thread still holds the request before
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def check_request() -> None:
    """Refuse what is no request at all, too large (413) or too long, or holds what no text needs (400)."""
    if unreadable := request.environ.get(UNREADABLE):
        abort(unreadable)
    if (request.content_length or 0) > BODY_BYTES_MAX:
        raise RequestEntityTooLarge
    if len(request.path) + len(request.query_string) > ADDRESS_BYTES_MAX:
        raise Refused("malformed", f"The address is longer than {ADDRESS_BYTES_MAX} characters.")
    _check_text("path", request.path)
    if request.query_string:
        _check_pairs("query", request.args.items(multi=True))
    if request.mimetype in _FORM_TYPES:
        _check_pairs("body", request.form.items(multi=True))


def _discard_body() -> None:
    """Read what was refused for its size, up to a limit, and forget it.

    Closing a connection on unread bytes resets it, and its sender may never see the answer.
    """
    stream, left = request.environ["wsgi.input"], DISCARDED_BYTES_MAX
    while left > 0 and (piece := stream.read(min(left, BODY_BYTES_MAX))):
        left -= len(piece)


def json_body() -> Any:
    """Return the body as JSON, parsed once per request and clean; an empty body is an empty object.

    Raises 415 for another type of content, refused malformed for what can't be read.
    """
    if not hasattr(g, "json_body"):
        g.json_body = _parse(request.get_data(cache=True))
    return g.json_body


def _parse(raw: bytes) -> Any:
    if request.mimetype in _FORM_TYPES:
        raise UnsupportedMediaType  # its body was read already, as a form
    if len(raw) > BODY_BYTES_MAX:
        raise RequestEntityTooLarge
    if not raw:
        return {}
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        text = raw.decode()
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise Refused("malformed", "The body is not JSON in UTF-8.") from error
    _check_text("body", text)
    if _ESCAPED.search(raw):  # an escape hides the character from the check of the text
        _check_tree(value)
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _check_tree(value: object) -> None:
    """Check every text of a parsed body; json.loads bounded its depth."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            _check_text("body", item)
        elif isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _check_pairs(place: str, pairs: Any) -> None:
    for name, value in pairs:
        _check_text(place, name)
        _check_text(place, value)


def _check_text(place: str, text: str) -> None:
    if _REFUSED.search(text):
        raise Refused("malformed", f"The {place} holds a control character or half a surrogate pair.")
