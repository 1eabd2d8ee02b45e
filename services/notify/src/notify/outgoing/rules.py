"""The verbs of notify: what is worth a letter, what makes two letters one, when to try again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from notify.outgoing.model import Kind, Letter, State

FIRST_RETRY_S = 2
RETRY_MAX_S = 3_600
ATTEMPTS_MAX = 20
PERMANENT = 500
REFUSAL_MIN = 400
CLOSING = 421
"""Not this mail is refused but any: the server is about to go."""

AWAY_RETRY_S = 5
AWAY_MAX = timedelta(days=3)


TOLD_BY: Mapping[str, tuple[Kind, str]] = {
    "confirmation_answered": (Kind.CONFIRMATION, "confirmation_id"),
    "seat_promoted": (Kind.PROMOTION, "booking_id"),
    "payment_asked": (Kind.PAYMENT_ASKED, "settlement_id"),
    "hold_expired": (Kind.HOLD_EXPIRED, "booking_id"),
    "seat_lost": (Kind.SEAT_LOST, "booking_id"),
    "payment_settled": (Kind.RECEIPT, "receipt_number"),
    "credit_note_issued": (Kind.CREDIT_NOTE, "credit_note_id"),
}
"""For each event the kind of its letter, and the field that says which thing it is about."""


def letter_of(event: str, data: Mapping[str, Any]) -> Letter | None:
    """Return the letter that an event calls for, or None where there is nothing to tell.

    A promotion to a held seat is told by `payment_asked`, which knows the amount, and not by `seat_promoted`.
    A settlement without a receipt (avoirs covered all) is not told, nor is a confirmation without lines.
    """
    match event, data:
        case ("seat_promoted", {"to": "held"}) | ("confirmation_answered", {"lines": []}):
            return None
        case "payment_settled", {"receipt_number": None}:
            return None
    kind, key = TOLD_BY[event]
    return Letter(kind, data["family_id"], data[key], dict(data))


def dedupe_key(letter: Letter, email: str) -> str:
    """Return what a second mail about the same thing to the same person would share."""
    return f"{letter.kind}:{letter.key}:{email.casefold()}"


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after `attempts` failed ones: 2 s, 4 s, … one hour; None after the last."""
    if attempts >= ATTEMPTS_MAX:
        return None
    return now + timedelta(seconds=min(RETRY_MAX_S, FIRST_RETRY_S * 2 ** (attempts - 1)))


def is_away(code: int) -> bool:
    """Say whether the mail server is away, rather than unwilling to take this mail.

    A code under 400 stands for no answer at all: connection refused, time-out, conversation cut.
    """
    return code < REFUSAL_MIN or code == CLOSING


def while_away(written_at: datetime, now: datetime) -> tuple[State, datetime | None]:
    """Return state and next attempt of a mail that met no server: every 5 s, for three days.

    It is no attempt of this mail, and all mails must leave soon after the server is back.
    """
    if now - written_at > AWAY_MAX:
        return State.FAILED, None
    return State.QUEUED, now + timedelta(seconds=AWAY_RETRY_S)


def after_refusal(code: int, attempts: int, now: datetime) -> tuple[State, datetime | None]:
    """Return state and next attempt once the mail server answered `code`; 5xx is final.

    All else is tried again.
    """
    again = next_attempt(attempts, now)
    if code >= PERMANENT or again is None:
        return State.FAILED, None
    return State.QUEUED, again
