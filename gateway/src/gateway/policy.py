"""Who may come in by which door. Every view declares one policy; a view without one is refused.

authenticated  somebody is logged in
anonymous      anybody, with or without a session
callback       another program, which proves nothing: what it says is a hint
"""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeVar

from flask import Flask, current_app, request

from gateway import session
from gateway.errors import Refused

Policy = Literal["authenticated", "anonymous", "callback"]
POLICIES: Final = ("authenticated", "anonymous", "callback")
View = TypeVar("View", bound=Callable[..., Any])


def declare(policy: Policy) -> Callable[[View], View]:
    """Give a view its policy; the outermost decorator of the view, beneath `route`."""

    def mark(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return mark


authenticated = declare("authenticated")
anonymous = declare("anonymous")
callback = declare("callback")


def of(app: Flask, endpoint: str) -> Policy | None:
    """Return the policy of an endpoint; files of the static folders are for anybody."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return "anonymous"
    found: Policy | None = getattr(app.view_functions[endpoint], "policy", None)
    return found if found in POLICIES else None


def enforce() -> None:
    """Before each request: let in, or refuse. Unknown addresses go on to their 404."""
    if request.endpoint is None:
        return
    policy = of(current_app, request.endpoint)
    if policy is None:
        raise Refused("forbidden", "This address has no declared policy.")
    if policy == "authenticated":
        session.required()
