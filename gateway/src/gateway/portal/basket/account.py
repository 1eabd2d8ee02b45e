"""The account of a review: a column of sums that a child can add up. Pure but for the reader's language.

What is asked for comes first, then what of it is not charged now and why, then credit notes; what is left is
to be paid.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.clients.booking import Review, ReviewLine
from gateway.pages.texts import gettext as _

WAITING: Final = {"waitlisted", "requested", "submitted"}
LATER: Final = {"invoiced", "wallet"}

SumRow = tuple[str, int, str, str]
"""Words, cents, kind of row ("", sub, mid, total), small words."""


@dataclass(frozen=True, slots=True)
class Account:
    """The sums of a review, in cents; those that are taken off are positive here."""

    reserved: int
    waiting: int
    invoiced: int
    wallet: int
    given_back: int
    credits_used: int
    due: int

    @property
    def in_advance(self) -> int:
        """What is paid before the day: reserved, less what waits or is charged later."""
        return self.reserved - self.waiting - self.invoiced - self.wallet


def account(review: Review) -> Account:
    """Return the sums of a review; a line that will be refused costs nothing."""
    lines = [line for line in review.bookings if line.expected != "refused"]
    sure = [line for line in lines if line.expected not in WAITING]
    return Account(
        reserved=_cents(lines),
        waiting=_cents(line for line in lines if line.expected in WAITING),
        invoiced=_cents(line for line in sure if line.charging_mode == "invoiced"),
        wallet=_cents(line for line in sure if line.charging_mode == "wallet"),
        given_back=_cents(line for line in review.cancellations if line.expected == "cancelled"),
        credits_used=review.totals.credits_used_cents,
        due=review.totals.amount_due_cents,
    )


def rows(sums: Account) -> list[SumRow]:
    """Return the account as a page shows it."""
    shown: list[SumRow] = [(_("Bookings asked for"), sums.reserved, "", "")]
    taken_off = [
        (_("of it waiting, not charged"), sums.waiting),
        (_("of it on the bill at the end of the month"), sums.invoiced),
        (_("of it taken from the wallet on the day"), sums.wallet),
    ]
    shown += [(words, -cents, "sub", "") for words, cents in taken_off if cents]
    if len(shown) > 1:
        shown.append((_("To pay in advance"), sums.in_advance, "mid", ""))
    own = min(sums.given_back, sums.credits_used)
    if own:
        shown.append((_("Credit note of your cancellations"), -own, "", ""))
    if sums.credits_used > own:
        shown.append((_("Earlier credit notes"), own - sums.credits_used, "", ""))
    return [*shown, (_("To pay now"), sums.due, "total", "")]


def left_over(sums: Account) -> int:
    """Return what of the cancellations becomes a credit note for later."""
    return max(0, sums.given_back - sums.credits_used)


def _cents(lines: Iterable[ReviewLine]) -> int:
    return sum(line.cost_cents or 0 for line in lines)


@dataclass(frozen=True, slots=True)
class Part:
    """One activity of one child: its lines, and what they come to together."""

    activity: str
    centre: str
    hours: tuple[str | None, str | None]
    lines: tuple[ReviewLine, ...]
    cents: int
    charging_mode: str


@dataclass(frozen=True, slots=True)
class Group:
    """One child, or all cancellations of one child: its parts, and what they come to."""

    child: str
    parts: tuple[Part, ...]
    cents: int


def groups(lines: Sequence[ReviewLine]) -> list[Group]:
    """Return lines by child, then activity, then day."""
    by_child: dict[str, list[ReviewLine]] = {}
    for line in lines:
        by_child.setdefault(line.child_id, []).append(line)
    found = [(own[0].child_name, _parts(own)) for own in by_child.values()]
    return [Group(child, parts, sum(part.cents for part in parts)) for child, parts in found]


def _parts(lines: Iterable[ReviewLine]) -> tuple[Part, ...]:
    by_activity: dict[tuple[str, str, str], list[ReviewLine]] = {}
    for line in sorted(lines, key=lambda line: line.day):
        by_activity.setdefault((line.activity_id, line.centre_id, line.day_part), []).append(line)
    return tuple(
        Part(
            own[0].activity_name,
            own[0].centre_name,
            (own[0].arrives_at, own[0].leaves_at),
            tuple(own),
            sum(line.cost_cents or 0 for line in own if line.expected != "refused"),
            own[0].charging_mode,
        )
        for own in by_activity.values()
    )


def undo(action: str, line: ReviewLine) -> str:
    """Return what takes a line out of the basket, as its button sends it."""
    return f"{action} {line.child_id} {line.activity_id} {line.centre_id} {line.day} {line.day_part}"
