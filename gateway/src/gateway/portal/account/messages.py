"""The messages that the family was sent."""

from flask import Blueprint, render_template

from gateway import clients, policy, session

blueprint = Blueprint("messages", __name__, template_folder="templates")


@blueprint.get("/messages")
@policy.person
def show() -> str:
    """List the messages, the latest first."""
    return render_template(
        "account/messages.html", rows=clients.current().notify.list_messages(session.context())
    )
