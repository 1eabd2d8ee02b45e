"""What a visitor may know of an organisation before logging in."""

from marshmallow import Schema, validate

from gateway import organisations
from gateway.api.fields import SLUG_PATTERN, Id, One, Str, each
from gateway.api.operation import Resource
from gateway.clients import identity

blueprint = Resource(
    "organisations", __name__, url_prefix="/organisations", description="Towns and associations"
)


class Announcement(Schema):
    """A message of the organisation to whoever logs in."""

    title = Str()
    text = Str()


class Organisation(Schema):
    """An organisation as its log-in page shows it."""

    id = Id()
    slug = Str(validate=validate.Regexp(f"^{SLUG_PATTERN}$"))
    name = Str()
    time_zone = Str()
    language = Str()
    announcements = each(Announcement)


class OrganisationAnswer(Schema):
    """One organisation."""

    organisation = One(Organisation)


@blueprint.operation("GET", "/<slug:slug>", policy="anonymous", returns=OrganisationAnswer)
def get_organisation(slug: str) -> dict[str, identity.Organisation]:
    """Show an organisation by the name it has in addresses."""
    return {"organisation": organisations.by_slug(slug)}
