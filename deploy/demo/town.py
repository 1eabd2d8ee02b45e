"""A town written as import files: those of each service's own import command.

See the services' READMEs for the columns. Everything is drawn from the town's name and from `today`; which
towns there are is in carteville and valmont.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from deploy.demo.activities import Activity, import_columns
from deploy.demo.logins import parents
from deploy.demo.people import Child, Family, Guardian, inhabitants
from deploy.demo.wallets import Row, Rows, entries, prices
from deploy.demo.year import SchoolYear, Span, school_year

PASSWORD = "soleil-marelle-42"  # noqa: S105 - printed on the demo's first lines
ENROLMENT_STATES = ("accepted",) * 19 + ("requested",)
WEEKS_BOOKED_AHEAD = 6
DAYS_OPEN_AHEAD = 120


@dataclass(frozen=True)
class Town:
    """An organisation of the demo.

    `staff` are (login, first name, last name, roles, centre references). `newcomers` are guardians with an
    account elsewhere: the first families are theirs, and they log in as they do there. `help_desk` is name,
    address, phone and hours of who answers families.
    """

    slug: str
    name: str
    place: str
    postcode: str
    welcome: str
    family_count: int
    child_count: int
    schools: tuple[str, ...]
    centres: tuple[tuple[str, str], ...]
    cash_office: tuple[str, str]
    activities: tuple[Activity, ...]
    staff: tuple[tuple[str, str, str, str, str], ...]
    newcomers: tuple[Guardian, ...] = ()
    colour: str = ""
    crest: str = ""
    help_desk: tuple[str, str, str, str] = ("", "", "", "")

    def families(self, today: date) -> list[Family]:
        """Return the families who live here."""
        return inhabitants(
            self.slug, self.family_count, self.child_count, self.schools, today, newcomers=self.newcomers
        )

    def owing(self, families: list[Family]) -> Family | None:
        """Return the family that owes to its wallets what guide 1's does, where activities are charged so.

        It has two guardians, who can both log in, and two children.
        """
        if not any(activity.cells["charging_mode"] == "wallet" for activity in self.activities):
            return None
        fits = (f for f in families[2:] if len(f.guardians) == len(f.children) == 2)  # noqa: PLR2004
        return next(fits, None)

    def logins(self, today: date) -> list[tuple[str, str]]:
        """Return (login, who it is) of the people that the demo suggests to log in as."""
        families = self.families(today)
        children = [child for family in families for child in family.children]
        asked_for = {a.reference for a in self.activities if a.cells["decision_mode"] == "on_request"}
        enrolled = {
            str(child)
            for child, activity, _, state in _enrolments(self, children, school_year(today), today)
            if activity in asked_for and state == "accepted"
        }
        people: dict[str, str] = {}
        for login, who in parents(self.activities, families, self.owing(families), enrolled):
            people.setdefault(login, who)
        return [*people.items(), *((login, roles.replace("|", ", ")) for login, _, _, roles, _ in self.staff)]


def write(town: Town, directory: Path, today: date) -> None:
    """Write every import file of a town into `directory`, with periods and bookings around `today`."""
    directory.mkdir(parents=True, exist_ok=True)
    year = school_year(today)
    families = town.families(today)
    children = [child for family in families for child in family.children]
    enrolments = _enrolments(town, children, year, today)
    files = {
        **_identities(town, families),
        **_files_of_families(town, families, enrolments),
        **_offer(town, year, today),
        **prices(town.activities, town.cash_office, year),
        **_past_and_coming_days(town, children, enrolments, year, today),
    }
    owing = town.owing(families)
    files["wallet_entries"] = entries(town.activities, owing, files["bookings"][1:], year, today)
    for name, rows in files.items():
        _write_csv(directory / f"{name}.csv", rows)


def _write_csv(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


def _identities(town: Town, families: list[Family]) -> dict[str, Rows]:
    heads = ("login", "password", "first_name", "last_name", "language", "organisation", "family_reference",
             "guardian_reference", "roles", "centre_references")  # fmt: skip
    accounts: Rows = [heads]
    for family in families:
        for one in family.guardians:
            accounts.append((one.login, PASSWORD, one.first_name, one.last_name, family.language, town.slug,
                             family.reference, one.reference, "", ""))  # fmt: skip
    accounts += _several_memberships(town, families)
    for login, first_name, last_name, roles, centres in town.staff:
        accounts.append((login, PASSWORD, first_name, last_name, "fr", town.slug, "", "", roles, centres))
    return {
        "organisations": [
            ("slug", "name", "time_zone", "language", "announcement_title", "announcement_text", "colour",
             "crest", "help_desk_name", "help_desk_address", "help_desk_phone", "help_desk_hours",
             "accessibility_plan_url", "accessibility_contact"),
            (town.slug, town.name, "Europe/Paris", "fr", "Bienvenue", town.welcome, town.colour, town.crest,
             *town.help_desk, f"https://{town.slug}.example/accessibilite",
             f"accessibilite@{town.slug}.example"),
        ],
        "accounts": accounts,
    }  # fmt: skip


def _several_memberships(town: Town, families: list[Family]) -> Rows:
    """Return the lines by which somebody has a second family here and works here too."""
    one, language = families[-1].guardians[0], families[-1].language
    named = (one.login, PASSWORD, one.first_name, one.last_name, language, town.slug)
    return [
        (*named, families[-2].reference, "", "", ""),
        (*named, "", "", "carer", town.centres[-1][0]),
    ]


def _files_of_families(town: Town, families: list[Family], enrolments: Rows) -> dict[str, Rows]:
    heads = ("reference", "name", "language", "address_line_1", "address_line_2", "postcode", "town", "phone")
    return {
        "families": [heads, *(
            (f.reference, f.name, f.language, f.street, "", town.postcode, town.place,
             f"05 00 00 {n // 100:02d} {n % 100:02d}")
            for n, f in enumerate(families)
        )],
        "guardians": [
            ("reference", "family_reference", "first_name", "last_name", "email", "phone", "payer"),
            *((g.reference, f.reference, g.first_name, g.last_name, g.email, "", "yes" if n == 0 else "no")
              for f in families for n, g in enumerate(f.guardians)),
        ],
        "children": [
            ("reference", "family_references", "first_name", "last_name", "birth_on", "school",
             "school_class"),
            *((c.reference, "|".join(c.families), c.first_name, c.last_name, c.birth_on, c.school,
               c.school_class)
              for f in families for c in f.children),
        ],
        "enrolments": [("child_reference", "activity_reference", "school_year", "state"), *enrolments],
    }  # fmt: skip


def _fits(activity: Activity, child: Child, day: date) -> bool:
    had_birthday = (day.month, day.day) >= (child.birth_on.month, child.birth_on.day)
    return activity.admits(day.year - child.birth_on.year - (not had_birthday), child.school)


def _enrolments(town: Town, children: list[Child], year: SchoolYear, today: date) -> Rows:
    draw = random.Random("enrolments")  # noqa: S311
    return [
        (child.reference, activity.reference, year.name, draw.choice(ENROLMENT_STATES))
        for child in children
        for activity in town.activities
        if activity.needs_enrolment and _fits(activity, child, today)
    ]


def _offer(town: Town, year: SchoolYear, today: date) -> dict[str, Rows]:
    everywhere = "|".join(reference for reference, _ in town.centres)
    spans = sorted((*year.terms, *year.breaks), key=lambda span: span.starts_on)
    periods: Rows = [
        (f"{year.name}-{number}", f"{span.name} ({span.starts_on.year})", everywhere,
         span.starts_on, span.ends_on, _opens_on(span, today), span.ends_on)
        for number, span in enumerate(spans, start=1)
    ]  # fmt: skip
    closures: Rows = [("", span.starts_on, span.ends_on, span.name, "school_holiday") for span in year.breaks]
    bridge = year.terms[-1].ends_on - timedelta(days=14)
    closures.append((town.centres[-1][0], bridge, bridge, "Formation des équipes", "closure"))
    return {
        "centres": [("reference", "name"), *town.centres],
        "activities": [
            import_columns(town.activities),
            *(tuple(a.cells[name] for name in import_columns(town.activities)) for a in town.activities),
        ],
        "periods": [
            ("reference", "name", "centre_references", "starts_on", "ends_on", "opens_on", "closes_on"),
            *periods,
        ],
        "holidays": [("day", "name"), *year.public_holidays],
        "closures": [("centre_reference", "starts_on", "ends_on", "name", "kind"), *closures],
    }


def _opens_on(span: Span, today: date) -> date:
    """What starts within four months is open since yesterday; the rest opens a hundred days ahead."""
    if span.starts_on - today < timedelta(days=DAYS_OPEN_AHEAD):
        return min(today, span.starts_on) - timedelta(days=1)
    return span.starts_on - timedelta(days=100)


def _past_and_coming_days(
    town: Town, children: list[Child], enrolments: Rows, year: SchoolYear, today: date
) -> dict[str, Rows]:
    """Return bookings already made: the Wednesdays and workshops to come are full, with people waiting.

    Nobody is in two places, nor waits for a second one at the hours of the first.
    """
    enrolled = {(row[0], row[1]) for row in enrolments if row[3] == "accepted"}
    accepted, waiting = [], []
    stands: dict[tuple[str, date], list[Activity]] = defaultdict(list)
    for activity in town.activities:
        known = [
            child
            for child in children
            if not activity.needs_enrolment or (child.reference, activity.reference) in enrolled
        ]
        for day in _opening_days(activity, year, today):
            draw = random.Random(f"{activity.reference} {day}")  # noqa: S311
            willing = [
                child
                for child in known
                if _fits(activity, child, day) and not any(map(activity.meets, stands[child.reference, day]))
            ]
            draw.shuffle(willing)
            room = seats = activity.seats_sold(draw)
            accepted += [_booking(activity, child, day, "accepted") for child in willing[:seats]]
            if seats == activity.capacity and day > today:  # waiting ends when care begins
                room = seats + draw.randint(1, activity.waiting_max)
                waiting += [_booking(activity, child, day, "waitlisted") for child in willing[seats:room]]
            for child in willing[:room]:
                stands[child.reference, day].append(activity)
    slot = (
        "child_reference",
        "family_reference",
        "activity_reference",
        "centre_reference",
        "day",
        "day_part",
    )
    prices = {a.reference: a.price_cents for a in town.activities if a.cells["charging_mode"] == "prepaid"}
    paid = [(*row[:6], prices[str(row[2])]) for row in accepted if row[2] in prices]
    return {
        "bookings": [(*slot, "state"), *accepted, *waiting],
        "paid_bookings": [(*slot, "price_cents"), *paid],
    }


def _booking(activity: Activity, child: Child, day: date, state: str) -> Row:
    centre, day_part = activity.cells["centre_references"], activity.cells["day_part"]
    return (child.reference, child.families[0], activity.reference, centre, day, day_part, state)


def _opening_days(activity: Activity, year: SchoolYear, today: date) -> list[date]:
    window = Span("", today - timedelta(weeks=2), today + timedelta(weeks=WEEKS_BOOKED_AHEAD))
    off = {day for day, _ in year.public_holidays}
    pauses = {day for span in year.breaks for day in span.days()}
    open_days = (
        pauses if activity.cells["on"] == "holidays" else {d for term in year.terms for d in term.days()}
    )
    if activity.cells["on"] == "all":
        open_days = open_days | pauses
    return [d for d in window.days() if d in open_days - off and d.isoweekday() in activity.weekdays]
