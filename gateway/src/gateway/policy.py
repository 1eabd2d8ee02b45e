"""Who may use a route or a page. Each view declares one policy; without one the application is not built.

family     somebody is logged in, and the membership that is consulted is a family's
person     somebody is logged in, as a family or as staff
anonymous  anybody, with or without a session
callback   another program, which proves nothing: what it says is a hint

This is the front door: what may be done inside, and with whose things, each service says for itself.
"""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeVar

from flask import Flask, current_app, request

from gateway import session
from gateway.errors import Refused

Policy = Literal["family", "person", "anonymous", "callback"]
POLICIES: Final = ("family", "person", "anonymous", "callback")
LOGGED_IN: Final = ("family", "person")
View = TypeVar("View", bound=Callable[..., Any])


def declare(policy: Policy) -> Callable[[View], View]:
    """Return the decorator that gives a view its policy: the outermost, beneath `route`."""

    def mark(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return mark


family = declare("family")
person = declare("person")
anonymous = declare("anonymous")
callback = declare("callback")


def of(app: Flask, endpoint: str) -> Policy | None:
    """Return the policy of an endpoint; files of the static folders are for anybody."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return "anonymous"
    found: Policy | None = getattr(app.view_functions[endpoint], "policy", None)
    return found if found in POLICIES else None


def install(app: Flask) -> None:
    """Put the check before every view that the application has now; TypeError when one has no policy."""
    undeclared = [rule.rule for rule in app.url_map.iter_rules() if of(app, rule.endpoint) is None]
    if undeclared:
        raise TypeError(f"nobody says who may use {', '.join(undeclared)}")
    app.before_request(enforce)


def enforce() -> None:
    """Let a request in, or refuse it. Unknown addresses go on to their 404."""
    if request.endpoint is None:
        return
    policy = of(current_app, request.endpoint)
    if policy is None:
        raise Refused("forbidden", "This address has no declared policy.")
    if policy in LOGGED_IN:
        opened = session.required()
        if policy == "family" and opened.family_id is None:
            raise Refused("not_found", "The account belongs to no family here.")
