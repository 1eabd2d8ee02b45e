"""The map of the site: every page that has no other page before it, for whom it is there."""

from typing import Any, Final

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l

from gateway import policy, session

blueprint = Blueprint("sitemap", __name__, template_folder="templates")

Entry = tuple[str, Any, Any]
OF_FAMILIES: Final[tuple[Entry, ...]] = (
    ("portal.home.show", _l("Home"), _l("What waits for you, the days to come, news.")),
    (
        "portal.today.show",
        _l("Today"),
        _l("Who is where today, from when to when, and who may collect."),
    ),
    ("portal.planning.show", _l("Planning"), _l("A month of one child: book and cancel days.")),
    ("portal.planning.show_week", _l("Week"), _l("A week of several children.")),
    ("portal.review.show", _l("Check"), _l("What you chose and did not confirm yet.")),
    ("portal.bookings.show", _l("Bookings"), _l("All that was booked, cancelled or asked for.")),
    ("portal.requests.show", _l("My requests"), _l("What was asked for at once, its state and its PDF.")),
    ("portal.balance.show", _l("Balance"), _l("What is to pay, wallets, payments and credit notes.")),
    ("portal.messages.show", _l("Messages"), _l("What was written to you.")),
)
OF_ACCOUNTS: Final[tuple[Entry, ...]] = (
    (
        "portal.preferences.show",
        _l("My messages and my language"),
        _l("When you are written to, and in which language."),
    ),
    ("portal.sessions.show", _l("My sessions"), _l("Where you are logged in.")),
)
OF_ANYBODY: Final[tuple[Entry, ...]] = (
    ("portal.accessibility.show", _l("Accessibility"), _l("The declaration, and whom to tell of a defect.")),
)


@blueprint.get("/plan-du-site")
@policy.anonymous
def show() -> str:
    """Show which pages there are for who asks."""
    opened = session.current()
    own = OF_FAMILIES if opened and opened.family_id else ()
    entries = (*own, *(OF_ACCOUNTS if opened else ()), *OF_ANYBODY)
    return render_template("accessibility/sitemap.html", entries=entries)
