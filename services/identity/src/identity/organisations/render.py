"""From an organisation to the reply and the event that tell of it."""

from typing import Any

from identity.organisations.model import Organisation


def organisation_changed(organisation: Organisation) -> dict[str, str]:
    """Make the data of the event of the same name."""
    return {
        "organisation_id": organisation.id,
        "slug": organisation.slug,
        "name": organisation.name,
        "time_zone": organisation.time_zone,
        "language": organisation.language,
    }


def organisation_reply(organisation: Organisation) -> dict[str, Any]:
    """Make the answer to get_organisation."""
    return {
        "organisation": {
            "id": organisation.id,
            "slug": organisation.slug,
            "name": organisation.name,
            "time_zone": organisation.time_zone,
            "language": organisation.language,
            "announcements": [{"title": a.title, "text": a.text} for a in organisation.announcements],
        }
    }
