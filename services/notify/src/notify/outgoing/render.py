"""From a message to what a family sees of it in a list, and to the mail that leaves."""

from datetime import UTC, datetime
from typing import Any

from notify.outgoing.model import Message
from notify.ports.postman import Mail


def summary(message: Message) -> dict[str, Any]:
    """Make the line of a message."""
    return {
        "id": message.id,
        "kind": message.kind.value,
        "subject": message.content.subject,
        "to": message.recipient.email,
        "state": message.state.value,
        "created_at": _instant(message.created_at),
        "sent_at": _instant(message.sent_at) if message.sent_at else None,
    }


def mail_of(message: Message) -> Mail:
    """Make the mail that carries a message."""
    to, content = message.recipient, message.content
    return Mail(
        message.id, to.name, to.email, content.subject, content.text, content.html, message.created_at
    )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
