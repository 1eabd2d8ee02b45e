"""Replies as the services give them, and every route of the API with the call that it makes."""

from tests.gateway.samples.bookings import BOOKING, CONFIRMATION, LINE, REQUEST, REVIEW
from tests.gateway.samples.calendar import CALENDAR, CELL, DAY, DRAFT, MOVEMENT, OFFER
from tests.gateway.samples.money import (
    CREDIT_NOTE,
    DUE,
    LETTER,
    MESSAGE,
    OFFICE,
    PAYMENT,
    PAYMENT_MADE,
    PRICE,
    PRINTED,
    STARTED,
    WALLETS,
)
from tests.gateway.samples.people import (
    CHILD,
    ENROLMENT,
    FAMILY,
    ORGANISATION,
    OWN_SESSION,
    SESSION,
    TOKEN,
)
from tests.gateway.samples.routes import ROUTES, Route

__all__ = [
    "BOOKING",
    "CALENDAR",
    "CELL",
    "CHILD",
    "CONFIRMATION",
    "CREDIT_NOTE",
    "DAY",
    "DRAFT",
    "DUE",
    "ENROLMENT",
    "FAMILY",
    "LETTER",
    "LINE",
    "MESSAGE",
    "MOVEMENT",
    "OFFER",
    "OFFICE",
    "ORGANISATION",
    "OWN_SESSION",
    "PAYMENT",
    "PAYMENT_MADE",
    "PRICE",
    "PRINTED",
    "REQUEST",
    "REVIEW",
    "ROUTES",
    "SESSION",
    "STARTED",
    "TOKEN",
    "WALLETS",
    "Route",
]
