"""What the family was told by mail, and how a person wants to be told."""

from dataclasses import dataclass

from marshmallow import Schema, validate

from gateway import clients, session
from gateway.api.fields import Asked, Bool, Id, Instant, One, Str, each
from gateway.api.names import MESSAGE_STATES, TELLINGS
from gateway.api.operation import Resource
from gateway.clients import notify

blueprint = Resource("messages", __name__, url_prefix="/messages", description="Mails that were sent")


class Message(Schema):
    """One mail, its first words, and whether the person who asks has opened it."""

    id = Id()
    kind = Str()
    subject = Str()
    to = Str()
    state = Str(validate=validate.OneOf(MESSAGE_STATES))
    created_at = Instant()
    sent_at = Instant(allow_none=True)
    excerpt = Str()
    read = Bool()


class OpenMessage(Message):
    """One mail with what it says, as plain text."""

    text = Str()


class MessageAnswer(Schema):
    """One mail."""

    message = One(OpenMessage)


class Preferences(Schema):
    """When a person is told: of each act at once, or of a day in one digest, which leaves at `digest_at`."""

    telling = Str(validate=validate.OneOf(TELLINGS))
    digest_at = Str()


class PreferencesAnswer(Schema):
    """A person's preferences."""

    preferences = One(Preferences)


@dataclass(frozen=True, slots=True)
class TellingChoice:
    """When the person wants to be told."""

    telling: str


class TellingChoiceSchema(Asked):
    """`TellingChoice`."""

    into = TellingChoice

    telling = Str(validate=validate.OneOf(TELLINGS))


class Messages(Schema):
    """The family's mails, newest first."""

    data = each(Message)


@blueprint.operation("GET", "", policy="person", returns=Messages)
def list_messages() -> dict[str, tuple[notify.Message, ...]]:
    """List the mails that the family was sent."""
    return {"data": clients.current().notify.list_messages(session.context())}


@blueprint.operation(
    "GET", "/<id:message_id>", policy="person", returns=MessageAnswer, refuses=("not_found",)
)
def get_message(message_id: str) -> dict[str, notify.OpenMessage]:
    """Show one of the family's mails with what it says; it is read from then on."""
    return {"message": clients.current().notify.get_message(session.context(), message_id)}


@blueprint.operation(
    "GET", "/preferences", policy="person", returns=PreferencesAnswer, refuses=("not_found",)
)
def get_preferences() -> dict[str, notify.Preferences]:
    """Show how the person wants to be written to."""
    return {"preferences": clients.current().notify.get_preferences(session.context())}


@blueprint.operation(
    "PUT",
    "/preferences",
    policy="person",
    body=TellingChoiceSchema,
    returns=PreferencesAnswer,
    refuses=("not_found",),
)
def put_preferences(body: TellingChoice) -> dict[str, notify.Preferences]:
    """Decide how to be written to: it counts for what happens from now on."""
    return {"preferences": clients.current().notify.put_preferences(session.context(), body.telling)}
