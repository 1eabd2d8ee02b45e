"""Messages of notify, and what its doors are given in tests without broker and database."""

from datetime import UTC, datetime

from notify.news.model import Thing
from notify.news.store import NewsStore
from notify.outgoing.model import Message, MessageState, RenderedMail
from notify.vocabulary import Contact, MessageKind

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)


def a_message(message_id="m1", **fields):
    return Message(
        **{
            "id": message_id,
            "organisation_id": "o",
            "family_id": "f1",
            "kind": MessageKind.RECEIPT,
            "dedupe_key": f"receipt:{message_id}",
            "recipient": Contact("Côme", "come@carteville.example"),
            "content": RenderedMail("s", "t", "<p>h</p>"),
            "state": MessageState.QUEUED,
            "attempts": 0,
            "created_at": NOW,
            "next_attempt_at": NOW,
            "sent_at": None,
            **fields,
        }
    )


def keep_letter(database, scope, about, messages):
    """Queue a letter's mails, as a letter that is told at once is."""
    NewsStore.ensure_indexes(database)
    NewsStore(database).keep(scope, Thing(about), messages, [])
