"""What is asked and told of a person's preferences."""

from dataclasses import dataclass

from marshmallow import Schema, fields

from chassis.values import fields as kinds
from chassis.values.requests import RequestSchema
from notify.preferences.model import Telling


@dataclass(frozen=True, slots=True)
class GetPreferences:
    """Ask for the preferences of the person of the context."""


@dataclass(frozen=True, slots=True)
class PutPreferences:
    """Decide how the person of the context wants to be written to."""

    telling: str


class GetPreferencesRequest(RequestSchema):
    """`get_preferences`: says nothing; the person is that of the context."""

    into = GetPreferences


class PutPreferencesRequest(RequestSchema):
    """`put_preferences`: all of them."""

    into = PutPreferences

    telling = kinds.name_of(Telling)


class PreferencesView(Schema):
    """How a person is written to, and when a digest leaves: "07:00" in the organisation's time zone."""

    telling = kinds.name_of(Telling)
    digest_at = kinds.local_time()


class PreferencesReply(Schema):
    """The answer to get_preferences and put_preferences."""

    preferences = fields.Nested(PreferencesView, required=True)
