"""Identity as booking hears it: the organisations."""

from typing import Any

from marshmallow import fields

from booking.copies.model import Organisation
from booking.ports import Tolerant
from chassis.values.event import Event


class _Organisation(Tolerant):
    organisation_id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    language = fields.String(load_default="fr")


_ORGANISATION = _Organisation()


def organisation_changed(event: Event) -> Organisation:
    """Read identity's event."""
    data: dict[str, Any] = _ORGANISATION.load(event.data)
    return Organisation(
        id=event.organisation_id,
        slug=data["slug"],
        name=data["name"],
        time_zone=data["time_zone"],
        language=data["language"],
    )
