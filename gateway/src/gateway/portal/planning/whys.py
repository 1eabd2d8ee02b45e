"""Why a day can't be chosen, as the sheet says that opens when it is tapped.

Days of which the same is to be said share a sheet. Pure but for the reader's language.
"""

from dataclasses import dataclass, field

from chassis.values import typography
from gateway.clients.booking import CalendarCell, CalendarDay
from gateway.pages import labels
from gateway.pages.texts import gettext as _


@dataclass(frozen=True, slots=True)
class Why:
    """One sheet: its heading, the state in a word with its icon, since when, and what can still be done."""

    title: str
    icon: str
    word: str
    said: str
    advice: str


@dataclass(slots=True)
class Whys:
    """The sheets of a page, each once."""

    zone: str
    language: str
    found: dict[Why, str] = field(default_factory=dict)

    def name(self, why: Why) -> str:
        """Return the id of a sheet, a new one for what is not said yet."""
        return self.found.setdefault(why, f"why-{len(self.found)}")

    def closed(self, day: CalendarCell, word: str, notes: CalendarDay | None) -> str:
        """Return the sheet of a day that can't be booked."""
        note = named(notes)
        if note:
            return self.name(Why(note, "dash-lg", word, _("This activity does not take place then."), ""))
        if day["reason"] == "past_deadline" and day["booking_closes_at"]:
            said = _("You could book until %(instant)s.", instant=self._instant(day["booking_closes_at"]))
            return self.name(Why(self._day(day), "dash-lg", word, said, _("Something unforeseen? Call us.")))
        said = labels.reason(day["reason"])
        return self.name(Why(word, "dash-lg", word, said[:1].upper() + said[1:] + ".", ""))

    def full(self, day: CalendarCell, word: str) -> str:
        """Return the sheet of a day on which every seat is taken, those of the waiting list too."""
        said = _("Every seat is taken, and the waiting list is full too.")
        advice = _(
            "A seat that comes free goes to the waiting list first. Choose another day, or look again."
        )
        if day["booking_closes_at"]:
            until = self._instant(day["booking_closes_at"])
            advice += " " + _("This day can be booked until %(instant)s.", instant=until)
        return self.name(Why(self._day(day), "slash-circle", word, said, advice))

    def locked(self, day: CalendarCell, word: str) -> str:
        """Return the sheet of a booking that can't be cancelled any more, or by the other family only."""
        title = self._day(day)
        if day["booking_id"] is None:
            said = _("The child's other family booked this day, and alone can cancel it.")
            return self.name(Why(title, "lock-fill", word, said, ""))
        said = _("It can't be cancelled any more.")
        if day["cancelling_closes_at"]:
            until = self._instant(day["cancelling_closes_at"])
            said = _("You could cancel until %(instant)s.", instant=until)
        return self.name(
            Why(title, "lock-fill", word, said, _("Your child will not come? Tell us all the same."))
        )

    def _day(self, day: CalendarCell) -> str:
        return typography.day_name(day["day"], self.language)

    def _instant(self, value: str) -> str:
        return typography.instant(value, self.zone, self.language)


def named(notes: CalendarDay | None) -> str:
    """Return what closes a day for everybody: a holiday, or a closure by its name."""
    return "" if notes is None else notes.get("holiday") or notes.get("closure") or ""
