"""My messages and my language: when mails come, and in which language pages and mails are."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from gateway import clients, policy, session
from gateway.clients.notify import Preferences
from gateway.errors import Refused
from gateway.errors.table import LANGUAGES
from gateway.pages import frame

TELLINGS: Final = ("at_once", "daily")

blueprint = Blueprint("preferences", __name__, template_folder="templates")


@blueprint.get("/preferences")
@policy.person
def show() -> str:
    """Show how the person is written to, with what they may choose."""
    return render_template(
        "account/preferences.html",
        preferences=_preferences(),
        tellings=TELLINGS,
        saved=request.args.get("saved") == "1",
    )


@blueprint.post("/preferences")
@policy.person
def choose() -> Response:
    """Keep what the person chose; what the form left open stays as it was."""
    telling, language = request.form.get("telling", ""), request.form.get("language", "")
    if telling in TELLINGS:
        clients.current().notify.put_preferences(session.context(), telling)
    spoken = session.required().language
    if language in LANGUAGES and language != spoken:
        session.choose_language(language)
    response = redirect(url_for("portal.preferences.show", saved="1"), 303)
    if language in LANGUAGES:
        frame.speak(response, language)
    return response


def _preferences() -> Preferences | None:
    """Return when the person is told; None for who is no guardian here, to whom nothing is written."""
    try:
        return clients.current().notify.get_preferences(session.context())
    except Refused as refusal:
        if refusal.code != "not_found":
            raise
        return None
