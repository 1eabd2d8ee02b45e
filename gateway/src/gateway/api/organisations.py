"""What a visitor may know of an organisation before logging in."""

import re
from typing import Any, Final

from marshmallow import Schema, validate

from gateway import organisations
from gateway.api.fields import Id, One, Str, each
from gateway.api.operation import Resource
from gateway.errors import Refused

blueprint = Resource(
    "organisations", __name__, url_prefix="/organisations", description="Towns and associations"
)

_SLUG: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")


class Announcement(Schema):
    """A message of the organisation to whoever logs in."""

    title = Str()
    text = Str()


class Organisation(Schema):
    """An organisation as its log-in page shows it."""

    id = Id()
    slug = Str(validate=validate.Regexp(_SLUG))
    name = Str()
    time_zone = Str()
    language = Str()
    announcements = each(Announcement)


class OrganisationAnswer(Schema):
    """One organisation."""

    organisation = One(Organisation)


@blueprint.operation("GET", "/<slug>", policy="anonymous", returns=OrganisationAnswer)
def get_organisation(slug: str) -> dict[str, Any]:
    """Show an organisation by the name it has in addresses."""
    if not _SLUG.fullmatch(slug):
        raise Refused("not_found")
    return {"organisation": organisations.by_slug(slug)}
