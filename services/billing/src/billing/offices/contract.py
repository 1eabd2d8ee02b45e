"""One cash office's part of an amount, as quotes and settlements say it."""

from marshmallow import Schema

from chassis.values.fields import cents, identifier, text


class OfficeDue(Schema):
    """One cash office's part: prepaid lines, less credit notes, is due."""

    cash_office_id = identifier()
    name = text()
    bookings_cents = cents()
    credits_used_cents = cents()
    amount_due_cents = cents()
