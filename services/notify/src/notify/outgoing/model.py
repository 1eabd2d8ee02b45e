"""A message on its way out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notify.vocabulary import Contact, MessageKind, RefusalReason


class MessageState(StrEnum):
    """Queued until the mail server takes or refuses it; failed when it refused for good or for too long."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """What people are told of a message.

    Of what is queued, whether a postman has it just now; of what did not leave, whether it was refused for
    good or given up after three days.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages wait, since when the oldest does, and how many failed or were given up."""

    waiting: int
    waiting_since: datetime | None
    failed: int


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A rendered message: subject, plain text and HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one person. `dedupe_key` is unique in the organisation; `id` also makes its Message-ID.

    `reason`, `code` and `last_answer` are the last refusal's; `code` is 0 where no server gave one, and
    `last_answer` begins with it. `in_hand_until` is when the lease of the postman ends who has it just now.
    `queued_at` is when it was put back into the queue, None for one that never was. `read_by` are the
    accounts that opened it.
    """

    id: str
    organisation_id: str
    family_id: str
    kind: MessageKind
    dedupe_key: str
    recipient: Contact
    content: RenderedMail
    state: MessageState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
    reason: RefusalReason | None = None
    code: int = 0
    last_answer: str = ""
    in_hand_until: datetime | None = None
    queued_at: datetime | None = None
    read_by: tuple[str, ...] = ()
