"""Family as identity hears it: what its files are called, and which of them are one."""

from dataclasses import dataclass
from typing import cast

from marshmallow import EXCLUDE, fields

from chassis.values.event import Event
from chassis.values.requests import RequestSchema


@dataclass(frozen=True, slots=True)
class FamilyHeard:
    """A file as family tells of it; `merged_into` is absent for one that stands for itself."""

    family_id: str
    name: str
    merged_into: str | None = None


class _Family(RequestSchema):
    into = FamilyHeard

    class Meta:
        """Whatever else comes is none of our business."""

        unknown = EXCLUDE

    family_id = fields.String(required=True)
    name = fields.String(required=True)
    merged_into = fields.String(load_default=None, allow_none=True)


_FAMILY = _Family()


def family_changed(event: Event) -> FamilyHeard:
    """Read family's event of a file."""
    return cast("FamilyHeard", _FAMILY.load(event.data))
