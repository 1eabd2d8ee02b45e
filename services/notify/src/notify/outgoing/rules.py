"""When to try again, and when to give up."""

from dataclasses import replace
from datetime import datetime, timedelta

from notify.outgoing.model import DeliveryState, Message, MessageState
from notify.vocabulary import RefusalReason

FIRST_RETRY_S = 2
RETRY_MAX_S = 3_600
AWAY_RETRY_S = 5
GIVEN_UP_AFTER = timedelta(days=3)

EXCERPT_MAX = 140

FOR_GOOD = frozenset({RefusalReason.ADDRESS, RefusalReason.REFUSED, RefusalReason.UNWRITABLE})
ANY_MAIL = frozenset({RefusalReason.AWAY, RefusalReason.UNTRUSTED, RefusalReason.LOGIN})
"""Not this mail was refused but any would be."""


def back_off(attempts: int) -> timedelta:
    """Return how long a mail waits after `attempts` failed ones: 2 s, 4 s, 8 s … one hour."""
    doublings = min(attempts - 1, RETRY_MAX_S.bit_length())
    return timedelta(seconds=min(RETRY_MAX_S, FIRST_RETRY_S * 2**doublings))


def would_refuse_any(reason: RefusalReason) -> bool:
    """Return whether the mail server is away or can't be used, rather than unwilling to take this mail."""
    return reason in ANY_MAIL


def sent(message: Message, now: datetime) -> Message:
    """Return the message as it stands once the mail server took it."""
    return replace(
        message,
        state=MessageState.SENT,
        next_attempt_at=None,
        sent_at=now,
        in_hand_until=None,
        last_answer="",
    )


def refused(message: Message, reason: RefusalReason, code: int, words: str, now: datetime) -> Message:
    """Return the message as it stands once it was not taken.

    One that can't be sent ends at once; one that the server refuses for now waits for a time of its own. A
    server that would refuse any mail costs none an attempt: all are tried every 5 s, to leave soon after it
    is back. Either ends three days after the message was queued.
    """
    told = replace(
        message, reason=reason, code=code, last_answer=f"{code} {words}".rstrip(), in_hand_until=None
    )
    if would_refuse_any(reason):
        again, attempts = now + timedelta(seconds=AWAY_RETRY_S), message.attempts - 1
    else:
        again, attempts = now + back_off(message.attempts), message.attempts
    if reason in FOR_GOOD or again > (message.queued_at or message.created_at) + GIVEN_UP_AFTER:
        return replace(told, state=MessageState.FAILED, next_attempt_at=None, attempts=attempts)
    return replace(told, state=MessageState.QUEUED, next_attempt_at=again, attempts=attempts)


def excerpt(text: str) -> str:
    """Return the first words of a mail's text, on one line: what stands after who is greeted, whole words."""
    greeting, _, rest = text.partition("\n\n")
    words = " ".join((rest if greeting.rstrip().endswith(",") else text).split())
    if len(words) <= EXCERPT_MAX:
        return words
    return f"{words[:EXCERPT_MAX].rpartition(' ')[0] or words[:EXCERPT_MAX]}…"


def delivery_state(message: Message, now: datetime) -> DeliveryState:
    """Return what people are told of the message."""
    if message.state is MessageState.SENT:
        return DeliveryState.SENT
    if message.state is MessageState.FAILED:
        for_good = message.reason is None or message.reason in FOR_GOOD
        return DeliveryState.FAILED if for_good else DeliveryState.GIVEN_UP
    in_hand = message.in_hand_until is not None and message.in_hand_until > now
    return DeliveryState.SENDING if in_hand else DeliveryState.WAITING
