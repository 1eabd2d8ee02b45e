"""What a draft becomes when movements enter and leave it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from booking.basket.model import Draft, Movement
from booking.vocabulary import Action

MOVEMENTS_MAX = 500


class NotConfirmable(StrEnum):
    """Why a draft can't be confirmed as it is; the codes of the refusals."""

    DRAFT_EMPTY = "draft_empty"
    REVIEW_STALE = "review_stale"


class Ignored(StrEnum):
    """Why a draft did not take a movement."""

    ALREADY_THERE = "already_there"
    NOT_THERE = "not_there"
    DRAFT_FULL = "draft_full"


def changed(
    movements: Sequence[Movement], add: Iterable[Movement], remove: Iterable[Movement]
) -> tuple[tuple[Movement, ...], tuple[tuple[Movement, Ignored], ...]]:
    """Take movements out, then put others in.

    Give what the draft holds now, and what it did not take and why.

    A booking and a cancellation of one slot contradict each other: the later one replaces the earlier.
    """
    kept = dict.fromkeys(movements)
    ignored: list[tuple[Movement, Ignored]] = []
    for movement in remove:
        if movement in kept:
            del kept[movement]
        else:
            ignored.append((movement, Ignored.NOT_THERE))
    for movement in add:
        kept.pop(_contrary(movement), None)
        if movement in kept:
            ignored.append((movement, Ignored.ALREADY_THERE))
        elif len(kept) >= MOVEMENTS_MAX:
            ignored.append((movement, Ignored.DRAFT_FULL))
        else:
            kept[movement] = None
    return tuple(kept), tuple(ignored)


def why_not(draft: Draft, quote_id: str, now: datetime) -> NotConfirmable | None:
    """Say why a draft can't be confirmed under a quote: only what was shown is, while its prices hold."""
    if not draft.movements:
        return NotConfirmable.DRAFT_EMPTY
    review = draft.review
    if review is None or review.quote_id != quote_id or review.expires_at <= now:
        return NotConfirmable.REVIEW_STALE
    return None


def _contrary(movement: Movement) -> Movement:
    other = Action.CANCEL if movement.action is Action.BOOK else Action.BOOK
    return replace(movement, action=other)
