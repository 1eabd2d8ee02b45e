"""Two small services for the tests of events: `lamps` says what was lit, `meters` counts it."""

from datetime import UTC, datetime

from marshmallow import Schema, fields

from chassis.doors.events import on_event
from chassis.running.failpoints import failpoint
from chassis.storage import inbox, mongo
from chassis.storage.mongo import Mongo
from chassis.storage.outbox import Documents, EventType, Relay, Rows, row
from chassis.wire import topology


class LampLit(Schema):
    room = fields.String(required=True)


EVENTS = {
    "lamp_lit": EventType(LampLit, subscribers=("meters",)),
    "lamp_put_out": EventType(LampLit, subscribers=("meters",)),
    "lamp_dusted": EventType(LampLit),
}

PARTS = [
    topology.Service("lamps", {name: kind.subscribers for name, kind in EVENTS.items()}),
    topology.Service("meters", hears=frozenset({("lamps", "lamp_lit"), ("lamps", "lamp_put_out")})),
]


class Store:
    def __init__(self, database):
        self.database = database

    @staticmethod
    def ensure_indexes(database):
        database.lit.create_index("room")


def project(database, batch):
    for found in batch:
        for entry in found.entries:
            database.projected.update_one({"_id": entry["id"]}, {"$inc": {"times": 1}}, upsert=True)


class Lamps:
    name = "lamps"
    store = Mongo(Store)
    relay = Relay(EVENTS, [Rows("outbox"), Documents("rooms")], project=project)


class Meters:
    """What its handlers do is decided by the test: `behaviour` is called with the store and the event."""

    name = "meters"
    store = Mongo(Store)

    @on_event("lamps", "lamp_lit")
    def on_lamp_lit(self, event):
        behaviour(self.store.database, event)

    @on_event("lamps", "lamp_put_out")
    def on_lamp_put_out(self, event):
        behaviour(self.store.database, event)


def count(database, event):
    """Count a room's lamps once per event, however often it comes."""

    def work(session):
        if inbox.once(database, event, "count", session):
            database.lit.insert_one({"room": event.data["room"], "event": event.id}, session=session)

    database.deliveries.insert_one({"event": event.id})
    mongo.in_transaction(database, work)
    failpoint("meters.counted")


behaviour = count


def lit(room, *, name="lamp_lit", sequence=1, aggregate_id="lamp-1", **fields):
    """An outbox row."""
    return row(
        name,
        context_or_org="o-1",
        aggregate_id=aggregate_id,
        sequence=sequence,
        data={"room": room},
        occurred_at=datetime.now(UTC),
        request_id="r-1",
        **fields,
    )


def entry(event_id, *, name="lamp_lit", sequence=1, room="kitchen"):
    """An entry of a document's events."""
    return {
        "id": event_id,
        "name": name,
        "sequence": sequence,
        "at": datetime.now(UTC),
        "data": {"room": room},
    }
