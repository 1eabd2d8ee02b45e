"""From a message to what a family sees of it in a list, and to the mail that leaves."""

from chassis.values.instants import to_text
from notify.outgoing.model import Message
from notify.ports.mime import Mail
from notify.vocabulary import Sender


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


def mail_of(message: Message, sender: Sender) -> Mail:
    """Make the mail that carries a message."""
    to, content = message.recipient, message.content
    return Mail(
        id=message.id,
        sender=sender,
        name=to.name,
        email=to.email,
        subject=content.subject,
        text=content.text,
        html=content.html,
        written_at=message.created_at,
    )
