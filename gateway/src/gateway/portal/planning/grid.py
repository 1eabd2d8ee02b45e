"""The days of a planning as cells: what each shows and what a tap on it does.

Pure but for the reader's language, in which words are looked up.

A cell says its state three times (colour, icon, words); what the draft would change lies over it in its own
colour. `value` is what its button sends: an action, the number of its series in the form, its day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from chassis.values import typography
from gateway.clients.booking import CalendarCell, CalendarDay, Draft, Movement
from gateway.pages import states
from gateway.pages.labels import WOULD
from gateway.pages.states import Look, MarkLook
from gateway.pages.texts import gettext as _
from gateway.pages.texts import ngettext
from gateway.portal.planning.prices import Prices
from gateway.portal.planning.whys import Whys, named

BOOKABLE: Final = {"open", "waiting_open"}
CANCELLABLE: Final = {"booked", "waitlisted"}
LOCKED: Final = {"booked_locked", "waitlisted_locked"}
NEVER: Final = {"not_open", "not_enrolled", "age"}
MovementKey = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one series: a button that chooses (`value`) or opens a sheet (`why`), or a link (`href`).

    `brief` is its word on a phone, `word` and `extra` those on a wide screen; `heard` is what ears are told,
    `until` when a choice ends.
    `idle` tells that the day means nothing to the child: the activity is never open then, or it was long ago.
    """

    id: str
    number: int
    css: str
    icons: tuple[str, ...]
    brief: str
    word: str
    heard: str
    extra: str = ""
    until: str = ""
    value: str | None = None
    href: str | None = None
    why: str = ""
    idle: bool = False
    today: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: language, zone, today; the words in that language, the prices, and the sheets so far."""

    language: str
    zone: str
    today: date
    looks: Mapping[str, Look]
    marks: Mapping[str, MarkLook]
    closed: Mapping[str, tuple[str, str]]
    prices: Prices
    whys: Whys


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


def reader(
    language: str, zone: str, today: date, prices: Prices | None = None, *, aggregate: bool = False
) -> Reader:
    """Return what cells need to speak."""
    return Reader(
        language,
        zone,
        today,
        states.looks(language, aggregate=aggregate),
        states.marks(language),
        states.closed(language),
        prices or Prices(),
        Whys(zone, language),
    )


def drafted(draft: Draft) -> dict[MovementKey, str]:
    """Return the action of each movement of a draft, by what names it."""
    return {(m.child_id, m.activity_id, m.centre_id, m.day, m.day_part): m.action for m in draft.movements}


def cell(  # noqa: PLR0913 - each is one fact about the day
    day: CalendarCell,
    series: Series,
    plan: Mapping[MovementKey, str],
    read: Reader,
    notes: CalendarDay | None = None,
    *,
    who: str = "",
) -> Cell:
    """Return the cell of one day of one series.

    `notes` are the day's holiday, closure, school holiday; `who` is heard where others stand beside.
    """
    on, state = day["day"], day["state"]
    action = plan.get(series.key(on))
    if action is not None:
        css, icons, brief, word, extra = _drafted(action, day, series, read)
    else:
        css, icons, brief, word, extra = _standing(day, read, notes)
    until = _until(day, read)
    heard = [typography.day_name(on, read.language), who, word, extra, until]
    return Cell(
        id=f"d{series.number}-{on}",
        number=int(on[8:]),
        css=css,
        icons=icons,
        brief=brief,
        word=word,
        heard=", ".join(part for part in heard if part),
        extra=extra,
        until=until,
        value=_value(state, action, series.number, on),
        why="" if action is not None else _why(day, word, read, notes),
        idle=state == "closed" and action is None and (on < read.today.isoformat() or _never(day, notes)),
        today=on == read.today.isoformat(),
    )


Shown = tuple[str, tuple[str, ...], str, str, str]


def _standing(day: CalendarCell, read: Reader, notes: CalendarDay | None) -> Shown:
    look = read.looks[day["state"]]
    icons, brief, word, extra = look.icons, look.brief, look.word, ""
    if day["state"] == "closed":
        brief, word = read.closed.get(day["reason"] or "", (brief, word))
        extra = named(notes)
    elif day["mark"]:
        mark = read.marks[day["mark"]]
        icons, brief, word = icons + mark.icons, mark.brief, mark.word
        if day["held_until"]:
            until = typography.time_of(day["held_until"], read.zone, read.language)
            extra = _("before %(time)s", time=until)
    elif day["state"] == "open":
        brief, extra = _seats(day, brief)
    elif day["rank"] is not None:
        brief = extra = _("rank %(rank)s", rank=day["rank"])
    elif day["state"] == "booked_locked":
        extra = _("not cancellable")
    return look.css, icons, brief, word, extra


def _seats(day: CalendarCell, brief: str) -> tuple[str, str]:
    """Return what is said of free seats: on a phone, and in full."""
    if day["free"] is not None:
        return _("%(num)s left", num=day["free"]), ngettext("%(num)s seat", "%(num)s seats", day["free"])
    return brief, _outlook(day) if day["would"] != "held" else ""


def _drafted(action: str, day: CalendarCell, series: Series, read: Reader) -> Shown:
    price = read.prices.on(series.activity_id, day["day"])
    costs = "" if price is None else typography.money(price, read.language)
    if action == "cancel":
        brief = (
            "" if price is None or day["state"] == "waitlisted" else typography.money(-price, read.language)
        )
        return "draft draft-cancel", ("pencil",), brief or _("to cancel"), _("To cancel"), ""
    outlook = _outlook(day)
    if day["would"] == "waitlisted":
        return "draft draft-book", ("pencil", "hourglass"), _("list"), _("To book"), outlook
    extra = ", ".join(part for part in (costs, outlook if day["would"] != "held" else "") if part)
    return "draft draft-book", ("pencil",), costs or _("to book"), _("To book"), extra


def _outlook(day: CalendarCell) -> str:
    """Return what booking the day would lead to, where it is not simply accepted."""
    return str(WOULD[day["would"]]) if day["would"] in WOULD else ""


def _value(state: str, action: str | None, number: int, on: str) -> str | None:
    if action is not None:
        return f"{action[0].upper()}{number}.{on}"  # a capital takes the movement back
    if state in BOOKABLE:
        return f"b{number}.{on}"
    return f"c{number}.{on}" if state in CANCELLABLE else None


def _never(day: CalendarCell, notes: CalendarDay | None) -> bool:
    return not named(notes) and day["reason"] in NEVER


def _why(day: CalendarCell, word: str, read: Reader, notes: CalendarDay | None) -> str:
    if day["state"] == "closed":
        return read.whys.closed(day, word, notes)
    if day["state"] == "full":
        return read.whys.full(day, word)
    return read.whys.locked(day, word) if day["state"] in LOCKED else ""


def _until(day: CalendarCell, read: Reader) -> str:
    """Return until when a day can be booked or cancelled."""
    if day["state"] in BOOKABLE and day["booking_closes_at"]:
        until = typography.instant(day["booking_closes_at"], read.zone, read.language)
        return _("book until %(instant)s", instant=until)
    if day["state"] in CANCELLABLE and day["cancelling_closes_at"]:
        until = typography.instant(day["cancelling_closes_at"], read.zone, read.language)
        return _("cancel until %(instant)s", instant=until)
    return ""


def chosen_days(days: Sequence[CalendarCell], weekdays: set[int], wanted: set[str]) -> list[str]:
    """Return the days of a series that fall on the weekdays (0 is Monday) and stand in one of the states."""
    return [
        day["day"]
        for day in days
        if day["state"] in wanted and date.fromisoformat(day["day"]).weekday() in weekdays
    ]
