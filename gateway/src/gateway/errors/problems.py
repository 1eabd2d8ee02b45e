"""Exceptions to `application/problem+json` (RFC 9457); pages may put their own answer in its place.

The portal may set `app.extensions["error_page"]`, a function Problem → Response, used where people look: not
below /api/, and not below /static/, whose files are for programs and hold nothing of a visitor.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from flask import Flask, Response, current_app, g, has_request_context, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from chassis.values.clock import Clock
from chassis.values.errors import Failed, Refused, Unavailable
from chassis.values.instants import to_text
from gateway import metrics
from gateway.errors.table import LANGUAGES, sentence, status_of

log = structlog.get_logger("gateway")

WITHOUT_PAGES: Final = ("/api/", "/static/")
MEDIA_TYPE: Final = "application/problem+json"
ERROR: Final = 400
FAULT: Final = 500
TYPE_PREFIX: Final = "urn:marelle:problem:"
UNAVAILABLE_RETRY_S: Final = 2
ERRORS_MAX: Final = 50  # a body with ten thousand wrong lines gets the first of them
# What werkzeug and webargs refuse by themselves; any other status below 500 is malformed.
CODES_BY_STATUS: Final = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "invalid",
}
UNREMARKABLE: Final = {"unauthenticated", "session_expired"}
"""What anybody meets who opens an address without being logged in."""
CHALLENGED: Final = {"unauthenticated", "session_expired", "invalid_credentials"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong, ready to be told.

    `errors` are {"in": "body"|"query"|"header"|"path", "pointer": "/field", "messages": [str]}. `retry_at` is
    from when on it may be asked again, where a refusal says so.
    """

    code: str
    status: int
    detail: str = ""
    errors: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    retry_at: datetime | None = None

    def title(self, reader_language: str) -> str:
        """Return the sentence that belongs to the code."""
        return sentence(self.code, reader_language)


def language() -> str:
    """Return the reader's language: the session's when there is one, else Accept-Language, else French."""
    chosen: str | None = getattr(g, "language", None)
    if chosen in LANGUAGES:
        return chosen
    if has_request_context() and request.accept_languages:
        return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    return LANGUAGES[0]


def problem_of(error: BaseException) -> Problem:
    """Return the problem that any exception is to its reader; what isn't known is an internal one."""
    if isinstance(error, Refused):
        return _refusal(error)
    if isinstance(error, Unavailable):
        code = "overloaded" if error.reason == "overloaded" else "unavailable"
        return Problem(code, 503, headers={"Retry-After": str(error.retry_after_s or UNAVAILABLE_RETRY_S)})
    if isinstance(error, HTTPException):
        return _http_error(error)
    return Problem("internal", 500)


def _refusal(error: Refused) -> Problem:
    status = status_of(error.code)
    headers, retry_at = {}, None
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
        retry_at = Clock().now() + timedelta(seconds=error.retry_after_s)
    elif status in {429, 503}:
        headers["Retry-After"] = str(UNAVAILABLE_RETRY_S)
    if error.code in CHALLENGED:
        headers["WWW-Authenticate"] = _challenge(error.code)
    place = "query" if has_request_context() and request.method in {"GET", "HEAD"} else "body"
    errors = [{"in": place, **entry} for entry in error.errors[:ERRORS_MAX]]
    return Problem(error.code, status, error.detail, errors, headers, retry_at)


def _challenge(code: str) -> str:
    return 'Bearer realm="marelle"' + (', error="invalid_token"' if code == "session_expired" else "")


def _http_error(error: HTTPException) -> Problem:
    """Return the problem of an error of werkzeug's with its headers; validation messages come in `data`."""
    status = error.code or 500
    data: dict[str, Any] = getattr(error, "data", None) or {}
    headers = dict(data.get("headers") or {})
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Problem(
        CODES_BY_STATUS.get(status, "internal" if status >= FAULT else "malformed"),
        status,
        errors=_pointers(data.get("messages")),
        headers=headers,
    )


def _pointers(messages: object) -> list[dict[str, Any]]:
    """Return {"json": {"lines": {0: {"day": ["…"]}}}} as pointers; a list may stand for a dict."""
    found: list[dict[str, Any]] = []
    if isinstance(messages, dict):
        for place, tree in messages.items():
            _walk(_place_name(str(place)), "", tree, found)
    elif messages:
        _walk("body", "", messages, found)
    return found[:ERRORS_MAX]


def _place_name(location: str) -> str:
    return {"json": "body", "form": "body", "querystring": "query"}.get(location, location)


def _walk(place: str, pointer: str, tree: object, found: list[dict[str, Any]]) -> None:
    if len(found) >= ERRORS_MAX:
        return
    if isinstance(tree, dict):
        for key, below in tree.items():
            step = "" if key == "_schema" else "/" + str(key).replace("~", "~0").replace("/", "~1")
            _walk(place, pointer + step, below, found)
    else:
        messages = tree if isinstance(tree, list) else [tree]
        found.append({"in": place, "pointer": pointer, "messages": [str(each) for each in messages]})


def problem_response(problem: Problem) -> Response:
    """Return the problem as JSON, in the reader's language."""
    body: dict[str, Any] = {
        "type": TYPE_PREFIX + problem.code,
        "title": problem.title(language()),
        "status": problem.status,
        "code": problem.code,
        "request_id": getattr(g, "request_id", ""),
    }
    if problem.detail:
        body["detail"] = problem.detail
    if problem.retry_at:
        body["retry_at"] = to_text(problem.retry_at)
    if problem.errors:
        body["errors"] = problem.errors
    # A pointer may hold a field name of the caller's choice: plain ASCII keeps any of them printable.
    return Response(json.dumps(body), problem.status, problem.headers, mimetype=MEDIA_TYPE)


def install(app: Flask) -> None:
    """Make every error of the application a problem."""
    app.register_error_handler(Exception, _answer)
    app.register_error_handler(HTTPException, _answer)


def _answer(error: Exception) -> Response:
    if isinstance(error, HTTPException) and (error.code or FAULT) < ERROR:  # a redirect is an answer
        return Response(status=error.code, headers=list(error.get_headers(request.environ)))
    problem = problem_of(error)
    metrics.refused(problem.code)
    if problem.status >= FAULT:
        _record(error, problem)
    elif problem.code not in UNREMARKABLE:
        _note(problem)
    page = current_app.extensions.get("error_page")
    if page is not None and not request.path.startswith(WITHOUT_PAGES):
        rendered: Response = page(problem)
        return rendered
    return problem_response(problem)


def _note(problem: Problem) -> None:
    """Log what was refused to whom, in one line and without a word of what was sent.

    `account_id` stands there where the session was looked up before.
    """
    log.info(
        "request_refused",
        code=problem.code,
        status=problem.status,
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        account_id=getattr(g.get("session"), "account_id", None),
    )


def _record(error: Exception, problem: Problem) -> None:
    """Log our faults with their stack, the silence of others as a warning without."""
    known = isinstance(error, Unavailable | Failed | Refused)
    tell = log.warning if isinstance(error, Unavailable | Refused) else log.error
    tell(
        "request_failed",
        code=problem.code,
        error=type(error).__name__,
        reason=str(error)[:200] if known else "",
        request_id=getattr(g, "request_id", ""),
        exc_info=None if known else error,
    )
