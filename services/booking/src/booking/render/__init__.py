"""Nouns as the contract writes them: plain dicts, instants and days as text. No decision is taken here."""

from booking.render.bookings import booking
from booking.render.confirmations import answered_event, confirmation, numbered_request
from booking.render.drafts import draft, movement, review
from booking.render.offer import calendar_cell, calendar_day, offer
from booking.render.words import day_text, instant_text

__all__ = [
    "answered_event",
    "booking",
    "calendar_cell",
    "calendar_day",
    "confirmation",
    "day_text",
    "draft",
    "instant_text",
    "movement",
    "numbered_request",
    "offer",
    "review",
]
