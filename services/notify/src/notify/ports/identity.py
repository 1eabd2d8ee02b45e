"""What notify hears of identity."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from notify.ports.tolerant import Tolerant, load
from notify.vocabulary import ChosenLanguage, Desk, Organisation


class _Desk(Tolerant):
    name = fields.String(load_default="")
    address = fields.String(load_default="")
    phone = fields.String(load_default="")
    hours = fields.String(load_default="")


class OrganisationChanged(Tolerant):
    """organisation_changed: who writes, in which colour, and where readers find a person."""

    organisation_id = fields.String(required=True)
    name = fields.String(required=True)
    slug = fields.String(required=True)
    time_zone = fields.String(required=True)
    colour = fields.String(load_default="", allow_none=True)
    help_desk = fields.Nested(_Desk, load_default=dict, allow_none=True)


def read_organisation(data: Mapping[str, Any]) -> Organisation:
    """Return the organisation of an organisation_changed."""
    read = load(OrganisationChanged(), data)
    return Organisation(
        id=read["organisation_id"],
        name=read["name"],
        slug=read["slug"],
        time_zone=read["time_zone"],
        colour=read["colour"] or "",
        help_desk=Desk(**(read["help_desk"] or {})),
    )


class LanguageChosen(Tolerant):
    """language_chosen: in which language a guardian reads."""

    guardian_id = fields.String(required=True)
    language = fields.String(required=True)


def read_language(data: Mapping[str, Any]) -> ChosenLanguage:
    """Return the language of a language_chosen, and whose it is."""
    read = load(LanguageChosen(), data)
    return ChosenLanguage(read["guardian_id"], read["language"])
