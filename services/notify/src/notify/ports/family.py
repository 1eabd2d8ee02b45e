"""What notify hears of family."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from notify.ports.tolerant import Tolerant, load
from notify.vocabulary import Contact, Family


class _Contact(Tolerant):
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    guardian_id = fields.String(load_default="", allow_none=True)


class FamilyChanged(Tolerant):
    """family_changed: whom to write to, and in which language."""

    family_id = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    contacts = fields.List(fields.Nested(_Contact), required=True)


def read_family(data: Mapping[str, Any]) -> Family:
    """Return the family of a family_changed; contacts without a mail address are left out."""
    read = load(FamilyChanged(), data)
    contacts = tuple(
        Contact(one["name"], one["email"], one["guardian_id"] or "")
        for one in read["contacts"]
        if one["email"]
    )
    return Family(read["family_id"], read["name"], read["language"], contacts)
