"""From a message to what a family sees of it in a list, and to the mail that leaves."""

from datetime import datetime

from chassis.values.instants import to_text
from notify.outgoing.model import Message
from notify.outgoing.rules import delivery_state, excerpt
from notify.ports.mime import Mail
from notify.vocabulary import Sender


def summary(message: Message, account_id: str) -> dict[str, object]:
    """Make the line of a message for one person of its family."""
    return {
        "id": message.id,
        "kind": message.kind.value,
        "subject": message.content.subject,
        "to": message.recipient.email,
        "state": message.state.value,
        "created_at": to_text(message.created_at),
        "sent_at": to_text(message.sent_at) if message.sent_at else None,
        "excerpt": excerpt(message.content.text),
        "read": account_id in message.read_by,
    }


def outgoing(message: Message, now: datetime) -> dict[str, object]:
    """Make the line of a message in the log."""
    return {
        "id": message.id,
        "family_id": message.family_id,
        "kind": message.kind.value,
        "name": message.recipient.name,
        "to": message.recipient.email,
        "subject": message.content.subject,
        "state": delivery_state(message, now).value,
        "attempts": message.attempts,
        "reason": message.reason.value if message.reason else None,
        "code": message.code,
        "answer": message.last_answer,
        "created_at": to_text(message.created_at),
        "next_attempt_at": to_text(message.next_attempt_at) if message.next_attempt_at else None,
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
