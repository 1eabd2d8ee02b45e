"""Where the account is logged in, and closing what should not be open."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from gateway import clients, policy, session
from gateway.pages.links import url_for

blueprint = Blueprint("sessions", __name__, template_folder="templates")


@blueprint.get("/sessions")
@policy.person
def show() -> str:
    """List the open sessions of the account."""
    return render_template(
        "account/sessions.html", rows=clients.current().identity.list_sessions(session.context())
    )


@blueprint.post("/sessions/<session_id>/close")
@policy.person
def close(session_id: str) -> Response:
    """Close one of them; it ends everywhere within two seconds."""
    clients.current().identity.close_session(session.context(), session_id)
    session.forget()
    return redirect(url_for("portal.sessions.show"), 303)
