"""The portal as something that a telephone or computer installs: an organisation's manifest and its icons.

An icon is made of the organisation's crest where it has one, else it is the product's mark. A crest is a
drawing, which has every size; on a plate of the organisation's colour it may be cut to any shape.
"""

import base64
import json
from typing import Any, Final

from flask import Blueprint, g
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway import organisations, policy
from gateway.clients.identity import Organisation
from gateway.errors import Refused
from gateway.errors.table import LANGUAGES
from gateway.pages import assets, brand
from gateway.pages.links import url_for

THEME: Final = "#0b3c5d"
"""`--brand` of tokens.css, for organisations without a colour of their own."""

BACKGROUND: Final = "#f4f6f8"
SHORT_NAME_MAX: Final = 12
PLATE: Final = 512
MARGIN: Final = 120
"""What a round cut takes stays outside the crest."""

blueprint = Blueprint("installing", __name__)


def theme_colour(organisation: Organisation) -> str:
    """Return the colour of the frame around an organisation's pages."""
    return organisation.colour or THEME


def manifest_address(organisation: Organisation, language: str) -> str:
    """Return the address of an organisation's manifest in a language."""
    return url_for("installing.manifest_static", slug=organisation.slug, language=language)


@blueprint.get("/brand/<slug>.<language>.webmanifest")
@policy.anonymous
def manifest_static(slug: str, language: str) -> Response:
    """Serve the manifest of an organisation; refused not_found in a language that nobody speaks here."""
    if language not in LANGUAGES:
        raise Refused("not_found")
    g.page_language = language
    written = json.dumps(_manifest(organisations.by_slug(slug), language), ensure_ascii=False)
    return brand.named_by_content(written, "application/manifest+json")


@blueprint.get("/brand/<slug>.plate.svg")
@policy.anonymous
def plate_static(slug: str) -> Response:
    """Serve the crest of an organisation on a plate of its colour; refused not_found where it has none."""
    organisation = organisations.by_slug(slug)
    if not organisation.crest:
        raise Refused("not_found")
    return brand.still(_plate(organisation))


def _manifest(organisation: Organisation, language: str) -> dict[str, Any]:
    start = url_for("portal.login.show", slug=organisation.slug)
    name = organisation.name
    return {
        "id": start,
        "name": f"{name}, {gettext('Family portal')}",
        "short_name": name if len(name) <= SHORT_NAME_MAX else gettext("Family portal"),
        "lang": language,
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "background_color": BACKGROUND,
        "theme_color": theme_colour(organisation),
        "icons": _icons(organisation),
        "shortcuts": [
            {"name": gettext("Today"), "url": url_for("portal.today.show")},
            {"name": gettext("Planning"), "url": url_for("portal.planning.show")},
        ],
    }


def _icons(organisation: Organisation) -> list[dict[str, str]]:
    if not organisation.crest:
        return [
            _icon(assets.address("mark-192.png"), "192x192"),
            _icon(assets.address("mark-512.png"), "512x512"),
            _icon(assets.address("mark-whole-512.png"), "512x512", "maskable"),
        ]
    plate = url_for("installing.plate_static", slug=organisation.slug, v=brand.version(_plate(organisation)))
    crest = brand.crest_address(organisation)
    return [
        _icon(crest, "192x192 512x512 any", kind="image/svg+xml"),
        _icon(plate, "192x192 512x512 any", "maskable", "image/svg+xml"),
    ]


def _icon(address: str, sizes: str, purpose: str = "any", kind: str = "image/png") -> dict[str, str]:
    return {"src": address, "sizes": sizes, "type": kind, "purpose": purpose}


def _plate(organisation: Organisation) -> str:
    """Return the plate: the crest lies on it as a picture, whatever size it gives itself."""
    crest, side = base64.b64encode(organisation.crest.encode()).decode(), PLATE - 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PLATE} {PLATE}">'
        f'<rect width="{PLATE}" height="{PLATE}" fill="{theme_colour(organisation)}"/>'
        f'<image x="{MARGIN}" y="{MARGIN}" width="{side}" height="{side}" '
        f'href="data:image/svg+xml;base64,{crest}"/></svg>'
    )
