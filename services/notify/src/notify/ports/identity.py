"""What notify hears of identity."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from notify.ports.tolerant import Tolerant, load
from notify.vocabulary import Organisation


class OrganisationChanged(Tolerant):
    """organisation_changed: who writes."""

    organisation_id = fields.String(required=True)
    name = fields.String(required=True)
    slug = fields.String(required=True)
    time_zone = fields.String(required=True)


def read_organisation(data: Mapping[str, Any]) -> Organisation:
    """Return the organisation of an organisation_changed."""
    read = load(OrganisationChanged(), data)
    return Organisation(read["organisation_id"], read["name"], read["slug"], read["time_zone"])
