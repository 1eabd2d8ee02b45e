"""The bookings of a letter in words: which days, what, how it ended, and what that costs or gives back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chassis.values import typography
from notify.letters.model import Entry, Group
from notify.letters.render.words import labels

TONES = {
    "ok": {"book_accepted", "promotion", "receipt", "days_opened"},
    "pay": {"book_held", "book_waitlisted", "payment_asked"},
    "no": {"book_refused", "cancel_refused", "seat_lost", "hold_expired"},
}
"""Colour is beside the words, never instead of them; what is not named is quiet."""
CHARGED = {"book_accepted", "book_held", "promotion", "payment_asked", "receipt"}
TO_PAY_NOW = {"book_held", "payment_asked", "receipt"}


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it is read."""

    days: str
    what: str
    said: str
    tone: str
    amount: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as it is read."""

    child_name: str
    request: str
    entries: tuple[Shown, ...]


def shown(groups: Iterable[Group], language: str, year: int) -> tuple[ShownGroup, ...]:
    """Return the groups as they are read by somebody to whom `year` is this one."""
    words = labels(language)
    return tuple(
        ShownGroup(
            group.child_name,
            typography.typeset(f"{words['request']} {group.request_number}", language)
            if group.request_number
            else "",
            tuple(_shown(entry, words, language, year) for entry in group.entries),
        )
        for group in groups
    )


def _shown(entry: Entry, words: Mapping[str, Any], language: str, year: int) -> Shown:
    hours = typography.hours(entry.arrives_at, entry.leaves_at, language)
    return Shown(
        days=typography.days(entry.days, language, year),
        what=", ".join(filter(None, (typography.typeset(entry.activity_name, language), hours))),
        said=_said(entry, words),
        tone=next((tone for tone, outcomes in TONES.items() if entry.outcome in outcomes), "quiet"),
        amount=_amount(entry, words["amounts"], language),
    )


def _said(entry: Entry, words: Mapping[str, Any]) -> str:
    said: str = words["outcomes"][entry.outcome]
    if entry.reason:
        return f"{said}{words['colon']}{words['reasons'].get(entry.reason, entry.reason)}"
    if entry.outcome == "book_waitlisted" and entry.rank:
        return f"{said}, {words['rank']}{typography.SPACE}{entry.rank}"
    return said


def _amount(entry: Entry, amounts: Mapping[str, str], language: str) -> str:
    if entry.credited_cents:
        return amounts["credit"].format(typography.money(entry.credited_cents, language))
    if entry.outcome == "book_waitlisted":
        return amounts["waitlisted"]
    if entry.outcome not in CHARGED or entry.cost_cents is None:
        return ""
    how = "" if entry.outcome in TO_PAY_NOW else entry.charging_mode
    return amounts.get(how, "{}").format(typography.money(entry.cost_cents, language))
