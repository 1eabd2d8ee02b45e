"""What is asked and told of the sender of an organisation's mails."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from chassis.storage.outbox import EventType
from chassis.values import fields as kinds
from chassis.values.requests import RequestSchema
from notify.senders.model import DIGEST_AT, NotifySettings

NAME_MAX = 100
_HOUR = validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", error="Expected an hour of the day such as 07:00.")


@dataclass(frozen=True, slots=True)
class GetSettings:
    """Ask for the settings of the organisation of the context."""


class GetSettingsRequest(RequestSchema):
    """`get_settings`: says nothing; the organisation is that of the context."""

    into = GetSettings


class NotifySettingsFields(Schema):
    """The settings of an organisation, all of them; null where it decides nothing.

    For mails to arrive, the domain of `sender_address` must let the mail server send in its name. Digests
    leave at `digest_at`, "07:00", in the organisation's time zone.
    """

    version = kinds.count()
    sender_name = kinds.written(allow_none=True, longest=NAME_MAX)
    sender_address = kinds.address(allow_none=True)
    reply_to = kinds.address(allow_none=True)
    digest_at = kinds.local_time()


class PutSettingsRequest(NotifySettingsFields, RequestSchema):
    """`put_settings`: all settings, with the version that was seen.

    A caller of the release before knows no `digest_at`.
    """

    into = NotifySettings

    digest_at = fields.String(load_default=DIGEST_AT, validate=_HOUR)


class SettingsReply(Schema):
    """The answer to get_settings and put_settings."""

    settings = fields.Nested(NotifySettingsFields, required=True)


class NotifySettingsChanged(NotifySettingsFields):
    """An organisation decided otherwise: all its settings; the sequence of the event is their version."""

    organisation_id = fields.String(required=True)


EVENTS = {"notify_settings_changed": EventType(schema=NotifySettingsChanged, version=1)}
