"""How notify reads what it hears: it takes what it needs, and ignores the rest."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields


class UnreadableFact(Exception):  # noqa: N818 - named for what is wrong with the event
    """An event lacks what a letter needs: it ends among the dead letters, where people see it."""


class Tolerant(Schema):
    """What is heard of others."""

    class Meta:
        """What producers add is none of our business."""

        unknown = EXCLUDE


class Day(Tolerant):
    """A child in an activity on a day, as it is named in letters; hours are "07:30"."""

    child_name = fields.String(required=True)
    activity_name = fields.String(required=True)
    centre_name = fields.String(load_default="", allow_none=True)
    day = fields.Date(required=True)
    arrives_at = fields.String(load_default=None, allow_none=True)
    leaves_at = fields.String(load_default=None, allow_none=True)
    charging_mode = fields.String(load_default="", allow_none=True)
    cost_cents = fields.Integer(load_default=None, allow_none=True)


def load(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the schema takes of the data; UnreadableFact when something lacks."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise UnreadableFact(str(error.messages)[:300]) from None
    return loaded
