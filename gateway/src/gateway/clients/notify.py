"""notify: the messages that were sent to the family."""

from dataclasses import dataclass

from chassis.values.context import Context
from gateway.clients.asking import Ask, read_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail."""

    id: str
    kind: str
    subject: str
    to: str
    state: str
    created_at: str
    sent_at: str | None = None


class NotifyClient:
    """What the family was told by mail."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def list_messages(self, context: Context) -> tuple[Message, ...]:
        """Return the family's mails, newest first."""
        return read_each(Message, self._ask("list_messages", context, {})["data"])
