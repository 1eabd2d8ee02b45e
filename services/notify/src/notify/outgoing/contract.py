"""What is asked and told of messages."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from chassis.values import fields as kinds
from chassis.values.requests import RequestSchema
from notify.outgoing.model import DeliveryState
from notify.vocabulary import RefusalReason

MESSAGES_MAX = 100

_ID = validate.Regexp(rf"\A{kinds.ID_PATTERN}\Z")
Reply = dict[str, object]


@dataclass(frozen=True, slots=True)
class ListMessages:
    """Ask for the latest messages to the caller's family, newest first."""

    limit: int


@dataclass(frozen=True, slots=True)
class GetMessage:
    """Ask for one message to the caller's family."""

    message_id: str


@dataclass(frozen=True, slots=True)
class ListOutgoing:
    """Ask for the organisation's messages in a state, newest first, those after the message `before`."""

    state: str
    limit: int
    before: str | None


@dataclass(frozen=True, slots=True)
class ReplayOutgoing:
    """Have messages sent again that failed or were given up."""

    message_ids: list[str]


class ListMessagesRequest(RequestSchema):
    """`list_messages`."""

    into = ListMessages

    limit = kinds.limit(default=50, most=MESSAGES_MAX)


class MessageSummary(Schema):
    """A message as its family sees it in a list, with its first words; instants in UTC.

    `read` says whether the person who asks has opened it.
    """

    id = fields.String(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    to = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["queued", "sent", "failed"]))
    created_at = fields.String(required=True)
    sent_at = fields.String(required=True, allow_none=True)
    excerpt = fields.String(required=True)
    read = fields.Boolean(required=True)


class Messages(Schema):
    """The answer of `list_messages`."""

    data = fields.List(fields.Nested(MessageSummary), required=True)


class GetMessageRequest(RequestSchema):
    """`get_message`."""

    into = GetMessage

    message_id = kinds.identifier()


class OpenMessage(MessageSummary):
    """A message with what it says, as plain text."""

    text = fields.String(required=True)


class OpenedMessage(Schema):
    """The answer of `get_message`."""

    message = fields.Nested(OpenMessage, required=True)


class ListOutgoingRequest(RequestSchema):
    """`list_outgoing`."""

    into = ListOutgoing

    state = kinds.name_of(DeliveryState)
    limit = kinds.limit(default=50, most=MESSAGES_MAX)
    before = fields.String(load_default=None, allow_none=True, validate=_ID)


class OutgoingView(Schema):
    """A message as staff see it: to whom, what became of it, and why it did not leave. Instants in UTC.

    `code` is the mail server's at the last refusal, 0 where it gave none; `answer` holds its words.
    """

    id = fields.String(required=True)
    family_id = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    to = fields.String(required=True)
    subject = fields.String(required=True)
    state = kinds.name_of(DeliveryState)
    attempts = fields.Integer(required=True)
    reason = kinds.name_of(RefusalReason, allow_none=True)
    code = fields.Integer(required=True)
    answer = fields.String(required=True)
    created_at = fields.String(required=True)
    next_attempt_at = fields.String(required=True, allow_none=True)
    sent_at = fields.String(required=True, allow_none=True)


class Outgoing(Schema):
    """The answer of `list_outgoing`."""

    data = fields.List(fields.Nested(OutgoingView), required=True)


class ReplayOutgoingRequest(RequestSchema):
    """`replay_outgoing`."""

    into = ReplayOutgoing

    message_ids = fields.List(
        kinds.identifier(), required=True, validate=validate.Length(min=1, max=MESSAGES_MAX)
    )


class Replayed(Schema):
    """The answer of `replay_outgoing`: how many of them had failed or been given up, and are sent again."""

    replayed = fields.Integer(required=True)
