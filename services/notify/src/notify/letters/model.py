"""What is worth writing."""

from dataclasses import dataclass

from notify.vocabulary import MessageKind


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it has a recipient: what happened, about what, and why it is told once only.

    `facts` is the event's data; `key` is unique per thing told, so that the same event twice is one mail.
    """

    kind: MessageKind
    family_id: str
    key: str
    facts: dict[str, object]
