"""What a draft becomes when movements enter and leave it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from booking.basket.model import Movement
from booking.vocabulary import Action

MOVEMENTS_MAX = 500


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


def _contrary(movement: Movement) -> Movement:
    other = Action.CANCEL if movement.action is Action.BOOK else Action.BOOK
    return replace(movement, action=other)
