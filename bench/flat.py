"""The baseline: a small Flask application that does the same reads and writes in its own process.

No bus, no edge: a token is looked up in a dictionary, the body is parsed, the door runs, the reply is sent.
`create_app` is that; `create_gateway` is the suite's own gateway over the same doors, which tells how much of
the difference is the gateway's work and how much is the bus'.
"""

import secrets
from typing import Any

from flask import Flask, Response, json, request

from bench.in_process import doors, sessions
from chassis.values.context import Context
from chassis.values.errors import Refused
from gateway import app as gateway_app
from gateway import clients, settings


def create_app() -> Flask:
    """Make the small application."""
    app, known = Flask("flat", static_folder=None), sessions()
    services = doors(known)

    def ask(method: str, asked: dict[str, Any], status: int = 200) -> Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        reply = services.call("booking", method, _context(known[token]), asked)
        text = json.dumps(reply, separators=(",", ":"))
        return Response(text, status, mimetype="application/json")

    @app.errorhandler(Refused)
    def refused(refusal: Refused) -> Response:
        return Response(refusal.code, 409)

    @app.post("/api/v1/drafts")
    def open_draft() -> Response:
        return ask("open_draft", {})

    @app.patch("/api/v1/drafts/<draft_id>")
    def change_draft(draft_id: str) -> Response:
        return ask("change_draft", {"draft_id": draft_id, **request.get_json()})

    @app.get("/api/v1/drafts/<draft_id>/review")
    def review(draft_id: str) -> Response:
        return ask("review", {"draft_id": draft_id})

    @app.post("/api/v1/drafts/<draft_id>/confirmation")
    def confirm(draft_id: str) -> Response:
        key = {"key": request.headers["Idempotency-Key"], "body_sha256": "0" * 64}
        return ask("confirm", {"draft_id": draft_id, **request.get_json(), **key}, 201)

    @app.get("/api/v1/calendar")
    def calendar() -> Response:
        given = request.args
        span = {"from_on": given["from"], "to_on": given["to"]}
        chosen = {"activity_id": given["activity"]} if "activity" in given else {}
        return ask("get_calendar", {"child_ids": given.getlist("child"), **span, **chosen})

    @app.get("/api/v1/days/<day>")
    def one_day(day: str) -> Response:
        return ask("get_day", {"child_id": request.args["child"], "day": day})

    return app


def create_gateway() -> Flask:
    """Make the suite's gateway with the services in its own process."""
    read, known = settings.read(), sessions()
    return gateway_app.build(read, clients.connect(doors(known), read.rpc_timeout_s))


def _context(session: dict[str, Any]) -> Context:
    return Context(
        kind="person",
        issuer="gateway",
        organisation_id=session["organisation"]["id"],
        account_id=session["account_id"],
        family_id=session["family_id"],
        request_id=secrets.token_hex(16),
    )
