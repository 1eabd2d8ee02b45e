"""From a message to what a family sees of it in a list, and to the mail that leaves."""

from chassis.values.instants import to_text
from notify.outgoing.model import Message
from notify.ports.postman import Mail


def summary(message: Message) -> dict[str, object]:
    """Make the line of a message."""
    return {
        "id": message.id,
        "kind": message.kind.value,
        "subject": message.content.subject,
        "to": message.recipient.email,
        "state": message.state.value,
        "created_at": to_text(message.created_at),
        "sent_at": to_text(message.sent_at) if message.sent_at else None,
    }


def mail_of(message: Message) -> Mail:
    """Make the mail that carries a message."""
    to, content = message.recipient, message.content
    return Mail(
        message.id, to.name, to.email, content.subject, content.text, content.html, message.created_at
    )
