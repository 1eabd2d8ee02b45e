"""The language of notify: what it is asked. It says nothing to other services: no event leaves it.

Golden examples of every message stand in contract/v1 beside this package.
"""

from marshmallow import RAISE, Schema, fields, validate

MESSAGES_MAX = 100

REFUSALS = ("malformed", "forbidden")


class _Strict(Schema):
    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE


class ListMessages(_Strict):
    """`list_messages`: the latest messages to the caller's family, newest first."""

    limit = fields.Integer(load_default=50, strict=True, validate=validate.Range(1, MESSAGES_MAX))


class MessageSummary(_Strict):
    """A message as its family sees it in a list; instants in UTC."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    to = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["queued", "sent", "failed"]))
    created_at = fields.String(required=True)
    sent_at = fields.String(required=True, allow_none=True)


class Messages(_Strict):
    """The answer of `list_messages`."""

    data = fields.List(fields.Nested(MessageSummary), required=True)
