"""One cash office's part of an amount, as quotes and settlements say it; the settings of an organisation."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from billing.offices.model import BillingSettings
from chassis.storage.outbox import EventType
from chassis.values.fields import cents, identifier, text
from chassis.values.requests import RequestSchema

ROLES = {
    "admin": {"settings.read", "settings.write"},
    "manager": {"settings.read"},
    "cashier": {"payments.check"},
}
"""What the roles may do in billing."""


@dataclass(frozen=True, slots=True)
class GetSettings:
    """Ask for the settings of the organisation of the context."""


class OfficeDue(Schema):
    """One cash office's part: prepaid lines, less credit notes, is due."""

    cash_office_id = identifier()
    name = text()
    bookings_cents = cents()
    credits_used_cents = cents()
    amount_due_cents = cents()


class GetSettingsRequest(RequestSchema):
    """`get_settings`: says nothing; the organisation is that of the context."""

    into = GetSettings


class BillingSettingsFields(Schema):
    """The settings of an organisation, all of them."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    quote_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(5, 60))
    # Less than the shortest time for which booking holds a seat, or who pays in time may find it gone.
    payment_page_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(5, 15))
    estimated_days = fields.Integer(required=True, strict=True, validate=validate.Range(1, 366))


class PutSettingsRequest(BillingSettingsFields, RequestSchema):
    """`put_settings`: all settings, with the version that was seen."""

    into = BillingSettings


class SettingsReply(Schema):
    """The answer to get_settings and put_settings."""

    settings = fields.Nested(BillingSettingsFields, required=True)


class BillingSettingsChanged(BillingSettingsFields):
    """An organisation decided otherwise: all its settings; the sequence of the event is their version."""

    organisation_id = identifier()


EVENTS = {"billing_settings_changed": EventType(schema=BillingSettingsChanged())}
