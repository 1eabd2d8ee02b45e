"""The memory of messages: the queue that the postman empties, and the log of what became of each."""

from notify.outgoing.store.documents import LEASE_S, MAPPER
from notify.outgoing.store.log import MessageLog
from notify.outgoing.store.messages import MessageStore

__all__ = ["LEASE_S", "MAPPER", "MessageLog", "MessageStore"]
