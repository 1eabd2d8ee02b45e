"""The family portal: pages for people, rendered here, a folder per noun.

No rule of the domain and no address of a service lives here: pages ask the clients and show what they answer.
`gateway.pages` is what all pages have in common; `planning.grid` says what a calendar shows, without Flask.
"""

from flask import Blueprint

from gateway.pages import frame
from gateway.portal.accessibility import declaration, sitemap
from gateway.portal.account import login, messages, preferences, sessions
from gateway.portal.basket import confirmations, draft, review
from gateway.portal.bookings import requests
from gateway.portal.bookings import views as bookings
from gateway.portal.home import views as home
from gateway.portal.money import balance, payment, together
from gateway.portal.planning import bulk
from gateway.portal.planning import views as planning
from gateway.portal.today import views as today

blueprint = Blueprint("portal", __name__)
frame.surround(blueprint)
for page in (
    balance,
    bookings,
    bulk,
    confirmations,
    declaration,
    draft,
    home,
    messages,
    payment,
    planning,
    preferences,
    requests,
    review,
    sessions,
    sitemap,
    today,
    together,
    login,  # last: its address is a name of any organisation
):
    blueprint.register_blueprint(page.blueprint)
