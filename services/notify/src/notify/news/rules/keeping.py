"""What is kept of an event for one person."""

from datetime import datetime
from typing import TYPE_CHECKING

from notify.news.model import News, Thing
from notify.vocabulary import Contact, MessageKind

if TYPE_CHECKING:
    from chassis.values.event import Event


def news_of(event: "Event", thing: Thing, about: MessageKind, reader: Contact, due_at: datetime) -> News:
    """Return what waits to be told to a reader; the same for the same thing, reader and kind of mail."""
    return News(
        id=f"{event.organisation_id}:{about}:{thing.key}{reader.email.casefold()}",
        organisation_id=event.organisation_id,
        family_id=event.data["family_id"],
        recipient=reader,
        about=about,
        key=thing.key,
        alias=thing.alias,
        event=event.name,
        data=event.data,
        happened_at=event.occurred_at,
        due_at=due_at,
    )
