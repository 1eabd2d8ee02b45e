"""notify: the messages that were sent to the family."""

from chassis.values.context import Context
from gateway.clients.language import Ask, Reply


class Notify:
    """What the family was told by mail."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def list_messages(self, context: Context) -> Reply:
        """Return {data: [{id, kind, subject, to, state, created_at, sent_at}]}."""
        return self._ask("list_messages", context, {})
