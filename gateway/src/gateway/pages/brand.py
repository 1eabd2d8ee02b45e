"""How an organisation's pages look: its crest and colour as files, and where a family finds a person.

Both files are named by their content, so that browsers may keep them. A crest is a drawing that was checked
when it was set; it is served as a picture that may do nothing, should it be opened by itself.
"""

import hashlib
from typing import Final

from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from gateway import organisations, policy, session
from gateway.clients.identity import Organisation
from gateway.errors import Failed, Refused, Unavailable
from gateway.pages.links import url_for

DEEPER: Final = 0.72  # how much of its light a colour keeps where the pointer rests on it
VERSION_LENGTH: Final = 10
FRENCH_LENGTH: Final = 10  # figures of a number as it is dialled in France
STILL: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

blueprint = Blueprint("brand", __name__)


def town() -> Organisation | None:
    """Return the organisation whose page this is, asked for at most once a minute; None while nobody can say.

    A page that tells of a fault asks nobody: it shows what is known.
    """
    if "town" not in g:
        opened = session.known()
        slug = opened.organisation.slug if opened else organisations.here()
        g.town = organisations.kept(slug) or (None if g.get("asks_nobody") else _asked(slug))
    found: Organisation | None = g.town
    return found


def _asked(slug: str) -> Organisation | None:
    try:
        return organisations.by_slug(slug)
    except (Refused, Unavailable, Failed):
        return None


def stylesheet(organisation: Organisation) -> str:
    """Return the colour of an organisation as a style sheet, empty where it has none of its own."""
    colour = organisation.colour
    if not colour:
        return ""
    return f":root {{ --brand: {colour}; --brand-deep: {deeper(colour)} }}\n"


def deeper(colour: str) -> str:
    """Return a darker shade of a colour such as "#0b3c5d"."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{int(part * DEEPER):02x}" for part in parts)


def colour_address(organisation: Organisation) -> str:
    """Return the address of an organisation's colour, which changes when the colour does."""
    return url_for("brand.colour_static", slug=organisation.slug, v=version(stylesheet(organisation)))


def crest_address(organisation: Organisation) -> str:
    """Return the address of an organisation's crest, which changes when the crest does."""
    return url_for("brand.crest_static", slug=organisation.slug, v=version(organisation.crest))


def dialled(phone: str) -> str:
    """Return a phone number as telephones dial it, "+33500000150" for "05 00 00 01 50"."""
    figures = "".join(sign for sign in phone if sign.isdigit() or sign == "+")
    return f"+33{figures[1:]}" if len(figures) == FRENCH_LENGTH and figures.startswith("0") else figures


def named_by_content(content: str, media_type: str) -> AnyResponse:
    """Return a file of an organisation; its tag is the version that stands in its address."""
    response = Response(content, mimetype=media_type)
    response.set_etag(version(content))
    return response.make_conditional(request)


def still(drawing: str) -> AnyResponse:
    """Return a drawing as a picture that may do nothing, should it be opened by itself."""
    response = named_by_content(drawing, "image/svg+xml")
    response.headers["Content-Security-Policy"] = STILL
    return response


def version(content: str) -> str:
    """Return a name for what a file holds."""
    return hashlib.sha256(content.encode()).hexdigest()[:VERSION_LENGTH]


@blueprint.get("/brand/<slug>.css")
@policy.anonymous
def colour_static(slug: str) -> AnyResponse:
    """Serve the colour of an organisation."""
    return named_by_content(stylesheet(organisations.by_slug(slug)), "text/css")


@blueprint.get("/brand/<slug>.svg")
@policy.anonymous
def crest_static(slug: str) -> AnyResponse:
    """Serve the crest of an organisation; refused not_found where it has none."""
    crest = organisations.by_slug(slug).crest
    if not crest:
        raise Refused("not_found")
    return still(crest)
