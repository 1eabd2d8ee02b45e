"""notify: the messages that were sent to the family, and how a person wants to be written to."""

from dataclasses import dataclass

from chassis.values.context import Context
from gateway.clients.asking import Ask, read, read_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail, its first words, and whether the person who asks has opened it.

    A notify of an earlier release tells neither: then nothing stands out as unread.
    """

    id: str
    kind: str
    subject: str
    to: str
    state: str
    created_at: str
    sent_at: str | None = None
    excerpt: str = ""
    read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """When a person is told, at_once or daily; digests leave at `digest_at`, "07:00", where the town is."""

    telling: str
    digest_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMessage(Message):
    """One mail with what it says, as plain text."""

    text: str


class NotifyClient:
    """What the family was told by mail."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def list_messages(self, context: Context) -> tuple[Message, ...]:
        """Return the family's mails, newest first."""
        return read_each(Message, self._ask("list_messages", context, {})["data"])

    def get_message(self, context: Context, message_id: str) -> OpenMessage:
        """Return one of the family's mails with what it says, read from then on; refused not_found."""
        return read(OpenMessage, self._ask("get_message", context, {"message_id": message_id})["message"])

    def get_preferences(self, context: Context) -> Preferences:
        """Return how the person wants to be written to; refused not_found for who is no guardian here."""
        return read(Preferences, self._ask("get_preferences", context, {})["preferences"])

    def put_preferences(self, context: Context, telling: str) -> Preferences:
        """Keep when the person wants to be told; refused as above."""
        return read(Preferences, self._ask("put_preferences", context, {"telling": telling})["preferences"])
