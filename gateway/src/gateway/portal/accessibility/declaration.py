"""The declaration of accessibility, made from the audit, and the mention of its outcome in the foot."""

from datetime import date
from functools import cache
from typing import Any, Final

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l

from gateway import organisations, policy, session
from gateway.errors import Refused
from gateway.portal.accessibility.audit import Level, audit

blueprint = Blueprint("accessibility", __name__, template_folder="templates")

AUDITED_ON: Final = date(2026, 11, 30)
"""The day of the audit; the declaration is renewed three years after it at the latest."""
MENTIONS: Final = {
    Level.FULL: _l("Accessibility: fully compliant"),
    Level.PARTIAL: _l("Accessibility: partially compliant"),
    Level.NONE: _l("Accessibility: not compliant"),
}


@blueprint.app_context_processor
def mention() -> dict[str, Any]:
    """Give every page's foot what the law has it say."""
    return {"accessibility": _mentioned()}


@cache
def _mentioned() -> object:
    return MENTIONS[audit().level]


@blueprint.get("/accessibilite")
@policy.anonymous
def show() -> str:
    """Show the declaration of the organisation that is consulted; it is in French, as the law's form is."""
    return render_template(
        "accessibility/declaration.html", audit=audit(), audited_on=AUDITED_ON.isoformat(), town_name=_name()
    )


def _name() -> str:
    """Return whose declaration it is; nobody's in particular while identity does not answer."""
    opened = session.known()
    if opened is not None:
        return opened.organisation.name
    try:
        return organisations.by_slug(organisations.here()).name
    except Refused:
        return ""
