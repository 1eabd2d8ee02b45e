"""When to try again, and when to give up."""

from dataclasses import replace
from datetime import datetime, timedelta

from notify.outgoing.model import Message, MessageState

FIRST_RETRY_S = 2
RETRY_MAX_S = 3_600
ATTEMPTS_MAX = 20
PERMANENT = 500
REFUSAL_MIN = 400
CLOSING = 421
"""Not this mail is refused but any: the server is about to go."""

AWAY_RETRY_S = 5
AWAY_MAX = timedelta(days=3)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after `attempts` failed ones: 2 s, 4 s, … one hour; None after the last."""
    if attempts >= ATTEMPTS_MAX:
        return None
    return now + timedelta(seconds=min(RETRY_MAX_S, FIRST_RETRY_S * 2 ** (attempts - 1)))


def is_away(code: int) -> bool:
    """Return whether the mail server is away, rather than unwilling to take this mail.

    A code under 400 stands for no answer at all: connection refused, time-out, conversation cut.
    """
    return code < REFUSAL_MIN or code == CLOSING


def while_away(written_at: datetime, now: datetime) -> tuple[MessageState, datetime | None]:
    """Return state and next attempt of a mail that met no server: every 5 s, for three days.

    It is no attempt of this mail, and all mails must leave soon after the server is back.
    """
    if now - written_at > AWAY_MAX:
        return MessageState.FAILED, None
    return MessageState.QUEUED, now + timedelta(seconds=AWAY_RETRY_S)


def after_refusal(code: int, attempts: int, now: datetime) -> tuple[MessageState, datetime | None]:
    """Return state and next attempt once the mail server answered `code`; 5xx is final.

    All else is tried again.
    """
    again = next_attempt(attempts, now)
    if code >= PERMANENT or again is None:
        return MessageState.FAILED, None
    return MessageState.QUEUED, again


def sent(message: Message, now: datetime) -> Message:
    """Return the message as it stands once the mail server took it."""
    return replace(message, state=MessageState.SENT, next_attempt_at=None, sent_at=now)


def refused(message: Message, code: int, now: datetime) -> Message:
    """Return the message as it stands once the mail server answered `code`; none while it was away."""
    if is_away(code):
        state, again = while_away(message.created_at, now)
        return replace(message, state=state, next_attempt_at=again, attempts=message.attempts - 1)
    state, again = after_refusal(code, message.attempts, now)
    return replace(message, state=state, next_attempt_at=again)
