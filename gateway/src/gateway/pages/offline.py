"""What makes the portal bearable without a connection: its worker, and the page that says that there is none.

Nothing here is about anybody: the page is kept by every browser. Today's card, the one thing of a family that
is kept, is `portal.today`'s.
"""

import hashlib
import json
from typing import Final

from flask import Blueprint, Response, render_template

from gateway import policy
from gateway.pages import assets, brand
from gateway.pages.links import url_for

SOURCE: Final = "worker.js"
FILES: Final = ("site.css", "portal.js", "mark.svg")
"""What the page without a connection and today's card need; others are kept when they are asked for."""

CARD: Final = "card"
VERSION_LENGTH: Final = 10

blueprint = Blueprint("offline", __name__)


@blueprint.get("/offline")
@policy.anonymous
def show() -> str:
    """Show the page that stands in for any other without a connection; it is in both languages."""
    return render_template("pages/offline.html", me=None, here="")


@blueprint.get("/worker.js")
@policy.anonymous
def worker() -> Response:
    """Serve the worker; a new version of any file makes it a new one, which takes over at once."""
    return Response(f"{_told()}{_source()}", mimetype="text/javascript")


def _source() -> str:
    return assets.assets()[SOURCE].plain.decode()


def _told() -> str:
    """Return what the worker is told, as constants before its source."""
    told = {
        "FILES": [*(assets.address(name) for name in FILES), *_brand()],
        "LIFELINE": url_for("offline.show"),
        "CARD": CARD,
        "CARD_AT": url_for("portal.today.kept"),
        "CARD_SHOWN_AT": url_for("portal.today.show"),
    }
    versions = "".join(asset.version for asset in assets.assets().values())
    kept = f"{versions}{json.dumps(told)}{show()}"
    told["VERSION"] = hashlib.sha256(kept.encode()).hexdigest()[:VERSION_LENGTH]
    return "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())


def _brand() -> list[str]:
    town = brand.town()
    if town is None:
        return []
    colour = [brand.colour_address(town)] if town.colour else []
    return [*colour, brand.crest_address(town)] if town.crest else colour
