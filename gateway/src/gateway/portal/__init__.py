"""The family portal: pages for people, rendered here, each page a module of its own.

No rule of the domain and no address of a service lives here: pages ask the clients and show what they answer.
`frame` is what all pages have in common; `grid` and `words` say what a calendar shows, without Flask.
"""

from flask import Blueprint

from gateway.portal import (
    assets,
    balance,
    bookings,
    confirmations,
    draft,
    frame,
    home,
    login,
    messages,
    payment,
    planning,
    review,
    sessions,
)

blueprint = Blueprint("portal", __name__, template_folder="templates")
blueprint.record(frame.prepare)
blueprint.before_request(frame.receive)
blueprint.after_request(frame.pack)
blueprint.app_context_processor(frame.common)
for page in (
    assets,
    balance,
    bookings,
    confirmations,
    draft,
    home,
    messages,
    payment,
    planning,
    review,
    sessions,
    login,  # last: its address is a name of any organisation
):
    blueprint.register_blueprint(page.blueprint)
