"""From an organisation to the reply and the event that tell of it."""

from dataclasses import asdict

from chassis.storage.documents import Document
from identity.organisations.model import Organisation


def organisation_changed(organisation: Organisation) -> Document:
    """Make the data of the event of the same name."""
    return {
        "organisation_id": organisation.id,
        "slug": organisation.slug,
        "name": organisation.name,
        "time_zone": organisation.time_zone,
        "language": organisation.language,
        "colour": organisation.colour,
        "help_desk": asdict(organisation.help_desk),
    }


def organisation_reply(organisation: Organisation) -> Document:
    """Make the answer to get_organisation."""
    return {
        "organisation": {
            "id": organisation.id,
            "slug": organisation.slug,
            "name": organisation.name,
            "time_zone": organisation.time_zone,
            "language": organisation.language,
            "announcements": [{"title": a.title, "text": a.text} for a in organisation.announcements],
            "colour": organisation.colour,
            "crest": organisation.crest,
            "help_desk": asdict(organisation.help_desk),
            "accessibility": asdict(organisation.accessibility),
        }
    }


def appearance_reply(organisation: Organisation) -> Document:
    """Make the answer to get_appearance and put_appearance."""
    return {
        "appearance": {
            "version": organisation.sequence,
            "colour": organisation.colour,
            "crest": organisation.crest,
            "help_desk": asdict(organisation.help_desk),
            "accessibility": asdict(organisation.accessibility),
        }
    }
