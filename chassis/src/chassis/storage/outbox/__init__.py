"""The outbox: events kept in the write of their effect, and the relay that sends them afterwards.

`rows` says what an event is before it is sent, `sources` where such events wait, `relay` when they are sent
and `sending` how. `republish` sends again what was sent, `commands` is how an operator does it.
"""

from chassis.storage.outbox.commands import organisation_chosen, republish_command
from chassis.storage.outbox.relay import Relay
from chassis.storage.outbox.rows import EventType, row
from chassis.storage.outbox.sources import DocumentEvents, Documents, Rows

__all__ = [
    "DocumentEvents",
    "Documents",
    "EventType",
    "Relay",
    "Rows",
    "organisation_chosen",
    "republish_command",
    "row",
]
