"""Identity as booking hears it: the organisations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from marshmallow import fields

from booking.ports.tolerant import Tolerant
from chassis.values.event import Event


@dataclass(frozen=True, slots=True)
class OrganisationHeard:
    """An organisation as identity tells of it; `time_zone` is an IANA name."""

    organisation_id: str
    slug: str
    name: str
    time_zone: str
    language: str
    colour: str
    help_desk: Mapping[str, str]

    @property
    def lines(self) -> tuple[str, ...]:
        """Where a family finds a person of it, as a letterhead has it: where, then how and when."""
        said = (("name", "address"), ("phone", "hours"))
        lines = (", ".join(filter(None, (self.help_desk.get(each) for each in line))) for line in said)
        return tuple(filter(None, lines))


class _Organisation(Tolerant):
    into = OrganisationHeard
    organisation_id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    language = fields.String(load_default="fr")
    colour = fields.String(load_default="")
    help_desk = fields.Dict(load_default=dict)


_ORGANISATION = _Organisation()


def organisation_changed(event: Event) -> OrganisationHeard:
    """Read identity's event."""
    return cast("OrganisationHeard", _ORGANISATION.load(event.data))
