"""The outbox: events kept in the write of their effect, and the relay that sends them afterwards.

`rows` says what an event is before it is sent, `sources` where such events wait, `relay` how they get to the
broker.
"""

from chassis.storage.outbox.relay import Relay
from chassis.storage.outbox.rows import EventType, row
from chassis.storage.outbox.sources import DocumentEvents, Documents, Rows

__all__ = ["DocumentEvents", "Documents", "EventType", "Relay", "Rows", "row"]
