"""The language of notify: what it is asked. It says nothing to other services: no event leaves it.

Golden examples of every message stand in contract/v1 beside this package.
"""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from chassis.values import fields as kinds
from chassis.values.requests import RequestSchema

MESSAGES_MAX = 100

REFUSALS = ("malformed", "forbidden", "not_found")

Reply = dict[str, object]


@dataclass(frozen=True, slots=True)
class ListMessages:
    """Ask for the latest messages to the caller's family, newest first."""

    limit: int


class ListMessagesRequest(RequestSchema):
    """`list_messages`."""

    into = ListMessages

    limit = kinds.limit(default=50, most=MESSAGES_MAX)


class MessageSummary(Schema):
    """A message as its family sees it in a list; instants in UTC."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    to = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["queued", "sent", "failed"]))
    created_at = fields.String(required=True)
    sent_at = fields.String(required=True, allow_none=True)


class Messages(Schema):
    """The answer of `list_messages`."""

    data = fields.List(fields.Nested(MessageSummary), required=True)
