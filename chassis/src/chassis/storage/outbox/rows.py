"""What a service says: the kinds of events it publishes, and one event as it waits to be sent.

How waiting events are found is in `sources`, how they are sent in `relay`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bson import ObjectId
from marshmallow import Schema

from chassis.storage.documents.form import Document
from chassis.values.actor import Actor
from chassis.values.context import Context
from chassis.values.ids import new_id

COLLECTION = "outbox"


@dataclass(frozen=True, slots=True)
class EventType:
    """One event that a service publishes: the schema of its data, its version, and its subscribers.

    `earlier` holds the schemas of the versions in which the fact is published as well, as long as a consumer
    reads one of them. An event without subscribers is projected and marked, but never sent.
    """

    schema: Schema | type[Schema]
    version: int = 1
    subscribers: tuple[str, ...] = ()
    earlier: Mapping[int, Schema | type[Schema]] = field(default_factory=dict)

    def versions(self) -> dict[int, Schema]:
        """Return the schema of each version in which the fact is published."""
        schemas = {**self.earlier, self.version: self.schema}
        return {
            version: schema() if isinstance(schema, type) else schema for version, schema in schemas.items()
        }


def row(  # noqa: PLR0913 - the envelope of an event has this many parts
    event_name: str,
    *,
    context_or_org: Context | str,
    aggregate_id: str,
    sequence: int,
    data: Document,
    occurred_at: datetime,
    version: int = 1,
    newer: Mapping[int, Document] | None = None,
    request_id: str | None = None,
    causation_id: str | None = None,
    event_id: str | None = None,
    actor: Actor | None = None,
) -> Document:
    """Return the row to insert into the collection `outbox`, in the transaction of what it is about.

    `context_or_org` is the verified context, which also gives the request id, or an organisation's id (then
    `request_id` is due). `data` holds plain JSON values; instants may be aware datetimes. `event_id` is given
    where a repetition must make the same event again (`ids.derived_id`); else it is new. While an event is
    published in several versions, `version` and `data` are the earliest of them and `newer` the others.
    `actor` is who caused the event; a context that carries one on gives it.
    """
    organisation_id: str | None
    if isinstance(context_or_org, str):
        organisation_id = context_or_org
    else:
        context = context_or_org
        organisation_id, request_id = context.organisation_id, request_id or context.request_id
        actor = actor or context.actor
    if not organisation_id:
        raise ValueError(f"the event {event_name} belongs to no organisation")
    place = ObjectId()  # and not the service's clock, which tests and daylight saving may set back
    return {
        "_id": event_id or new_id(),
        "name": event_name,
        "version": version,
        "organisation_id": organisation_id,
        "aggregate_id": aggregate_id,
        "sequence": sequence,
        "occurred_at": occurred_at,
        "causation_id": causation_id,
        "correlation_id": request_id,
        "data": data,
        **({"actor": actor.as_document()} if actor else {}),
        **({"newer": {str(later): published for later, published in newer.items()}} if newer else {}),
        # Its place among all events, and its place in the queue, which is taken away when it is sent.
        "place": place,
        "pending": place,
    }
