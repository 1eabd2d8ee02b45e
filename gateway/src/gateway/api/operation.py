"""How a route of the API is declared: once, with everything that the specification and the tests ask of it.

`Resource.operation` takes method, address, policy, schemas in and out and the refusals that may come back.
From these follow the checks of the request, the dump of the answer and the OpenAPI operation.
"""

import http
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import urlencode

from flask import Request, Response, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema
from webargs.flaskparser import FlaskParser

from gateway import edge, idempotency, policy
from gateway.api.answers import dumper
from gateway.api.fields import Asked, Nothing, NothingSchema, Problem
from gateway.clients.booking import Bookings, Requests
from gateway.errors import status_of
from gateway.pages import printed
from gateway.policy import LOGGED_IN

Headers = dict[str, str]
View = Callable[..., Any]
Asking = dict[str, type[Asked] | None]
Listed = TypeVar("Listed", bound=Bookings | Requests)

FILE: Final = {"schema": {"type": "string", "format": "binary"}, "content_type": printed.PDF}
PROBLEM_TYPE: Final = "application/problem+json"
_ALWAYS: Final = ("malformed", "internal", "unavailable", "overloaded")
_LOCATIONS: Final = {"body": "json", "query": "query", "form": "form"}
_KEY_PARAMETER: Final = {
    "in": "header",
    "name": idempotency.HEADER,
    "required": True,
    "description": "Chosen by the caller, once per intended effect. The same key with the same body gives "
    "the same answer and one effect; with another body it is refused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
}
_IF_MATCH_PARAMETER: Final = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The ETag that the caller read; the change is refused when another one came before.",
    "schema": {"type": "string"},
}


class Parser(FlaskParser):
    """Reads arguments with unknown ones refused everywhere, and JSON through the edge's single parse."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - webargs reads it off the class
        "json": RAISE,
        "query": RAISE,
        "form": None,  # as the schema says: a provider's form may hold more than we read
    }

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002 - webargs' signature
        """Return the parsed body."""
        return edge.json_body()

    def load_form(self, req: Request, schema: Schema) -> Any:
        """Return the form's values."""
        return self._makeproxy(req.form, schema)


class Resource(Blueprint):
    """The operations on one kind of thing."""

    ARGUMENTS_PARSER = Parser()

    def operation(  # noqa: PLR0913 - one argument per thing that a route declares
        self,
        method: str,
        rule: str,
        *,
        policy: policy.Policy,
        returns: type[Schema] | None = None,
        status: int = 200,
        body: type[Asked] | None = None,
        query: type[Asked] | None = None,
        form: type[Asked] | None = None,
        refuses: tuple[str, ...] = (),
        key: bool = False,
        if_match: bool = False,
        headers: tuple[str, ...] = (),
        prints: bool = False,
    ) -> Callable[[View], View]:
        """Return the decorator of a view, which takes what the schemas loaded and the address' own values.

        It returns what a client returned, or (that, headers), or None where `returns` is None; its annotation
        is held against `returns`. An empty body is not handed on. `key` asks for an Idempotency-Key and hands
        it on under that name, `if_match` offers If-Match, `headers` are documented. `prints` says that a
        document of PDF is answered.
        """

        def declare(view: View) -> View:
            asked = {"query": query, "body": body, "form": form}
            answering = _printing(view) if prints else _answering(view, returns, status, key=key)
            wrapped = self._asking(answering, asked)
            codes = [*_ALWAYS, *_implied(rule, policy, asked, key=key), *refuses]
            answered = FILE if prints else {"schema": returns}
            wrapped = self._documented(wrapped, answered, status, codes, headers)
            manual: dict[str, Any] = {"operationId": view.__name__}
            if policy in LOGGED_IN:
                manual["security"] = [{"bearer": []}]
            parameters = [_KEY_PARAMETER] * key + [_IF_MATCH_PARAMETER] * if_match
            if parameters:
                manual["parameters"] = parameters
            wrapped = self.doc(**manual)(wrapped)
            wrapped.policy = policy
            self.add_url_rule(rule, view.__name__, wrapped, methods=[method])
            return view

        return declare

    def _asking(self, view: View, asked: Asking) -> View:
        for place, schema in asked.items():
            if schema is not None:
                required = schema is not NothingSchema
                # The schema itself: a class would be made into one anew by every request.
                view = self.arguments(schema(), location=_LOCATIONS[place], required=required)(view)
        return view

    def _documented(
        self,
        view: View,
        answered: dict[str, Any],
        status: int,
        codes: list[str],
        headers: tuple[str, ...],
    ) -> View:
        documented = {name: {"schema": {"type": "string"}} for name in ("X-Request-Id", *headers)}
        view = self.alt_response(
            status, **answered, headers=documented, description=_phrase(status), success=True
        )(view)
        by_status: dict[int, list[str]] = {}
        for code in dict.fromkeys(codes):
            by_status.setdefault(status_of(code), []).append(code)
        for problem_status, its_codes in sorted(by_status.items()):
            text = f"{_phrase(problem_status)}: " + ", ".join(its_codes)
            view = self.alt_response(
                problem_status, schema=Problem, content_type=PROBLEM_TYPE, description=text
            )(view)
        return view


def _phrase(status: int) -> str:
    return http.HTTPStatus(status).phrase


def _implied(rule: str, access: policy.Policy, asked: Asking, *, key: bool) -> list[str]:
    """Return the codes that follow from the declaration itself."""
    codes = []
    if access in LOGGED_IN:
        codes += ["unauthenticated", "session_expired", "forbidden"]
    if access == "family" or "<" in rule:
        codes.append("not_found")
    if asked["body"] or asked["form"]:
        codes += ["body_too_large", "unsupported_media_type"]
    if any(asked.values()):
        codes.append("invalid")
    if key:
        codes += ["idempotency_key_required", "idempotency_mismatch"]
    return codes


def _answering(view: View, returns: type[Schema] | None, status: int, *, key: bool) -> View:
    dump = dumper(returns, _returned(view)) if returns is not None else None

    @wraps(view)
    def answer(*args: Any, **values: Any) -> Response:
        asked = [arg for arg in args if not isinstance(arg, Nothing)]
        values = {name: str(value) for name, value in values.items()}
        if key:
            values["key"] = idempotency.required_key(edge.json_body())
        given = view(*asked, **values)
        body, headers = given if isinstance(given, tuple) else (given, {})
        if dump is None:
            return Response(status=status, headers=headers)
        text = json.dumps(dump(body), separators=(",", ":"), ensure_ascii=False)
        return Response(text, status, headers, mimetype="application/json")

    return answer


def _printing(view: View) -> View:
    @wraps(view)
    def answer(*_: Any, **values: Any) -> Response:
        return printed.response(view(**{name: str(value) for name, value in values.items()}))

    return answer


def _returned(view: View) -> Any:
    """Return the annotation of what a view returns, without its headers."""
    kind = get_type_hints(view)["return"]
    return get_args(kind)[0] if get_origin(kind) is tuple else kind


def etag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'


def linked(page: Listed) -> tuple[Listed, Headers]:
    """Return a page of a list with the Link to the next one, which repeats the filters."""
    if page.next_cursor is None:
        return page, {}
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    address = f"{request.path}?{urlencode([*pairs, ('cursor', page.next_cursor)])}"
    return page, {"Link": f'<{address}>; rel="next"'}
