"""What is asked and told of the sender of an organisation's mails."""

from dataclasses import dataclass

from marshmallow import Schema, fields

from chassis.storage.outbox import EventType
from chassis.values import fields as kinds
from chassis.values.requests import RequestSchema
from notify.senders.model import NotifySettings

NAME_MAX = 100


@dataclass(frozen=True, slots=True)
class GetSettings:
    """Ask for the settings of the organisation of the context."""


class GetSettingsRequest(RequestSchema):
    """`get_settings`: says nothing; the organisation is that of the context."""

    into = GetSettings


class NotifySettingsFields(Schema):
    """The settings of an organisation, all of them; null where it decides nothing.

    For mails to arrive, the domain of `sender_address` must let the mail server send in its name.
    """

    version = kinds.count()
    sender_name = kinds.written(allow_none=True, longest=NAME_MAX)
    sender_address = kinds.address(allow_none=True)
    reply_to = kinds.address(allow_none=True)


class PutSettingsRequest(NotifySettingsFields, RequestSchema):
    """`put_settings`: all settings, with the version that was seen."""

    into = NotifySettings


class SettingsReply(Schema):
    """The answer to get_settings and put_settings."""

    settings = fields.Nested(NotifySettingsFields, required=True)


class NotifySettingsChanged(NotifySettingsFields):
    """An organisation decided otherwise: all its settings; the sequence of the event is their version."""

    organisation_id = fields.String(required=True)


EVENTS = {"notify_settings_changed": EventType(schema=NotifySettingsChanged, version=1)}
