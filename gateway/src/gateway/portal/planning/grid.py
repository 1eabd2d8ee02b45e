"""A month of a calendar as rows of cells: what each day shows and what a click on it does.

Pure but for the reader's language, in which words are looked up.

A cell says its state three times (colour, icon, words); what the draft would change lies over it in its own
colour. `value` is what its button sends: an action, the number of its series in the form, its day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chassis.values import typography
from gateway.clients.booking import AggregateDay, CalendarCell, CalendarDay, Draft, Movement
from gateway.pages import labels
from gateway.pages.labels import Look
from gateway.pages.texts import gettext as _
from gateway.pages.texts import ngettext

BOOKABLE: Final = {"open", "waiting_open"}
CANCELLABLE: Final = {"booked", "waitlisted"}
DAYS_OF_A_WEEK: Final = 7
MovementKey = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one series. `value` is None where nothing can be chosen; `href` leads to the day's list."""

    id: str
    number: int
    label: str
    css: str
    icons: tuple[str, ...]
    word: str
    extra: str = ""
    until: str = ""
    until_label: str = ""
    value: str | None = None
    href: str | None = None
    vacation: bool = False
    today: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: language, time zone, today; and the words in that language."""

    language: str
    zone: str
    today: date
    looks: Mapping[str, Look]
    marks: Mapping[str, tuple[tuple[str, ...], str, str]]


@dataclass(frozen=True, slots=True)
class Series:
    """One child at one activity, centre and day part, as numbered in the form that shows it."""

    number: int
    child_id: str
    activity_id: str
    centre_id: str
    day_part: str

    def key(self, day: str) -> MovementKey:
        """Return what names a movement of this series."""
        return (self.child_id, self.activity_id, self.centre_id, day, self.day_part)

    def encoded(self) -> str:
        """Return the series as a form sends it back."""
        return f"{self.child_id} {self.activity_id} {self.centre_id} {self.day_part}"

    @classmethod
    def decoded(cls, number: int, text: str) -> "Series | None":
        """Return the series that `encoded` wrote, or None for anything else."""
        parts = text.split(" ")
        return cls(number, *parts) if len(parts) == 4 else None  # noqa: PLR2004 - the four fields

    def movement(self, action: str, day: str) -> Movement:
        """Return what books or cancels a day of this series."""
        return Movement(action, self.child_id, self.activity_id, self.centre_id, day, self.day_part)


def reader(language: str, zone: str, today: date, *, aggregate: bool = False) -> Reader:
    """Return what cells need to speak."""
    return Reader(language, zone, today, labels.looks(language, aggregate=aggregate), labels.marks(language))


def drafted(draft: Draft) -> dict[MovementKey, str]:
    """Return the action of each movement of a draft, by what names it."""
    return {(m.child_id, m.activity_id, m.centre_id, m.day, m.day_part): m.action for m in draft.movements}


def weeks(first: date, last: date) -> list[list[str]]:
    """Return the days from Monday to Sunday that cover first..last, as texts, a list per week."""
    monday = first - timedelta(days=first.weekday())
    rows = []
    while monday <= last:
        rows.append([(monday + timedelta(days=n)).isoformat() for n in range(DAYS_OF_A_WEEK)])
        monday += timedelta(days=DAYS_OF_A_WEEK)
    return rows


def rows(shown: Iterable[list[str]], cells: Mapping[str, Cell]) -> list[list[tuple[int, Cell | None]]]:
    """Return the cells by week; a day without a cell is a bare number."""
    return [[(int(day[8:]), cells.get(day)) for day in week] for week in shown]


def cell(  # noqa: PLR0913 - each is one fact about the day
    day: CalendarCell,
    series: Series,
    plan: Mapping[MovementKey, str],
    read: Reader,
    notes: CalendarDay | None = None,
    *,
    wide: bool = False,
) -> Cell:
    """Return the cell of one day of one series. `notes` are the day's holiday, closure, school holiday."""
    on = day["day"]
    state = day["state"]
    action = plan.get(series.key(on))
    look = read.looks[state]
    css, icons, word = look.css, look.icons, look.word
    extra = _why_closed(notes) if state == "closed" else _extra(day)
    if day["mark"] and action is None:
        mark_icons, word, _meaning = read.marks[day["mark"]]
        icons = icons + mark_icons
    if action is not None:
        css, icons = f"draft draft-{action}", ("pencil",)
        word = _("To book") if action == "book" else _("To cancel")
        if action == "book":
            extra = _outlook(day) or extra
    elif state == "closed" and not extra and day["reason"] and wide:
        extra = labels.reason(day["reason"])
    until, until_label = _until(day, read)
    return Cell(
        id=f"d{series.number}-{on}",
        number=int(on[8:]),
        label=typography.day_name(on, read.language),
        css=css,
        icons=icons,
        word=word,
        extra=extra,
        until=until,
        until_label=until_label,
        value=_value(state, action, series.number, on),
        vacation=notes is not None and bool(notes.get("school_holiday")),
        today=on == read.today.isoformat(),
    )


def _value(state: str, action: str | None, number: int, on: str) -> str | None:
    if action is not None:
        return f"{action[0].upper()}{number}.{on}"  # a capital takes the movement back
    if state in BOOKABLE:
        return f"b{number}.{on}"
    return f"c{number}.{on}" if state in CANCELLABLE else None


def _why_closed(notes: CalendarDay | None) -> str:
    return "" if notes is None else notes.get("holiday") or notes.get("closure") or ""


def _outlook(day: CalendarCell) -> str:
    """Return what booking the day would lead to, where it is not simply accepted."""
    return str(labels.WOULD[day["would"]]) if day["would"] in labels.WOULD else ""


def _extra(day: CalendarCell) -> str:
    if day["state"] == "open":
        if day["free"] is not None:
            return str(ngettext("%(num)s seat", "%(num)s seats", day["free"]))
        return _outlook(day) if day["would"] != "held" else ""
    if day["rank"] is not None:
        return str(_("rank %(rank)s", rank=day["rank"]))
    return ""


def _until(day: CalendarCell, read: Reader) -> tuple[str, str]:
    """Return until when a day can be booked or cancelled: short for the eye, in full for the ear."""
    if day["state"] in BOOKABLE and day["booking_closes_at"]:
        closes_at = day["booking_closes_at"]
        full = _("book until %(instant)s", instant=typography.instant(closes_at, read.zone, read.language))
    elif day["state"] in CANCELLABLE and day["cancelling_closes_at"]:
        closes_at = day["cancelling_closes_at"]
        full = _("cancel until %(instant)s", instant=typography.instant(closes_at, read.zone, read.language))
    else:
        return "", ""
    short = _("until %(instant)s", instant=typography.instant_short(closes_at, read.zone, read.language))
    return short, full


def aggregate_cell(  # noqa: PLR0913 - each is one fact about the day
    day: AggregateDay,
    number: int,
    changes: int,
    read: Reader,
    notes: CalendarDay | None,
    *,
    href: str,
) -> Cell:
    """Return the cell of one child's day over all activities; it leads to the list of the day."""
    on = day["day"]
    look = read.looks[day["state"]]
    css, icons, word, extra = look.css, look.icons, look.word, ""
    if look.css == "closed":
        extra = _why_closed(notes)
    if changes:
        css, icons = f"{css} draft-over", (*icons, "pencil")
        extra = ngettext("%(num)s change", "%(num)s changes", changes)
    return Cell(
        id=f"a{number}-{on}",
        number=int(on[8:]),
        label=typography.day_name(on, read.language),
        css=css,
        icons=icons,
        word=word,
        extra=extra,
        href=None if look.css == "closed" else href + on,
        vacation=notes is not None and bool(notes.get("school_holiday")),
        today=on == read.today.isoformat(),
    )


def changes_by_day(draft: Draft) -> Counter[tuple[str, str]]:
    """Return how many movements of a draft there are by child and day."""
    return Counter((movement.child_id, movement.day) for movement in draft.movements)


def chosen_days(days: Sequence[CalendarCell], weekdays: set[int], states: set[str]) -> list[str]:
    """Return the days of a series that fall on the weekdays (0 is Monday) and stand in one of the states."""
    return [
        day["day"]
        for day in days
        if day["state"] in states and date.fromisoformat(day["day"]).weekday() in weekdays
    ]
