"""What is worth a letter, and what makes two letters one."""

from collections.abc import Mapping
from typing import Any

from notify.letters.model import Letter
from notify.vocabulary import MessageKind

TOLD_BY: Mapping[str, tuple[MessageKind, str]] = {
    "confirmation_answered": (MessageKind.CONFIRMATION, "confirmation_id"),
    "seat_promoted": (MessageKind.PROMOTION, "booking_id"),
    "payment_asked": (MessageKind.PAYMENT_ASKED, "settlement_id"),
    "hold_expired": (MessageKind.HOLD_EXPIRED, "booking_id"),
    "seat_lost": (MessageKind.SEAT_LOST, "booking_id"),
    "payment_settled": (MessageKind.RECEIPT, "receipt_number"),
    "credit_note_issued": (MessageKind.CREDIT_NOTE, "credit_note_id"),
    "days_closed": (MessageKind.DAYS_CLOSED, "telling_id"),
    "days_opened": (MessageKind.DAYS_OPENED, "telling_id"),
    "payment_not_received": (MessageKind.PAYMENT_NOT_RECEIVED, "payment_id"),
}
"""For each event the kind of its letter, and the field that says which thing it is about."""


def letter_of(event: str, data: Mapping[str, Any]) -> Letter | None:
    """Return the letter that an event calls for, or None where there is nothing to tell.

    A promotion to a held seat is told by `payment_asked`, which knows the amount, and not by `seat_promoted`.
    A settlement without a receipt (avoirs covered all) is not told, nor is a confirmation without lines. The
    avoir of a day that was closed is told by `days_closed`, in one letter with all that became of such days.
    """
    match event, data:
        case ("seat_promoted", {"to": "held"}) | ("confirmation_answered", {"lines": []}):
            return None
        case ("payment_settled", {"receipt_number": None}) | ("credit_note_issued", {"reason": "closed"}):
            return None
    kind, key = TOLD_BY[event]
    return Letter(kind, data["family_id"], data[key], dict(data))


def about(letter: Letter) -> str:
    """Return what a second letter about the same thing would share: how the keys of its mails begin."""
    return f"{letter.kind}:{letter.key}:"


def dedupe_key(letter: Letter, email: str) -> str:
    """Return what a second mail about the same thing to the same person would share."""
    return about(letter) + email.casefold()
