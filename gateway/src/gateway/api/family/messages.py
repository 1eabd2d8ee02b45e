"""What the family was told by mail."""

from marshmallow import Schema, validate

from gateway import clients, session
from gateway.api.fields import Id, Instant, Str, each
from gateway.api.names import MESSAGE_STATES
from gateway.api.operation import Resource
from gateway.clients import notify

blueprint = Resource("messages", __name__, url_prefix="/messages", description="Mails that were sent")


class Message(Schema):
    """One mail."""

    id = Id()
    kind = Str()
    subject = Str()
    to = Str()
    state = Str(validate=validate.OneOf(MESSAGE_STATES))
    created_at = Instant()
    sent_at = Instant(allow_none=True)


class Messages(Schema):
    """The family's mails, newest first."""

    data = each(Message)


@blueprint.operation("GET", "", policy="person", returns=Messages)
def list_messages() -> dict[str, tuple[notify.Message, ...]]:
    """List the mails that the family was sent."""
    return {"data": clients.current().notify.list_messages(session.context())}
