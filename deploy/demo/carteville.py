"""Carteville: 200 families, 350 children, 4 centres, 12 activities and a school year, as import files.

`write` is the only door. The files are those of each service's own import command; see the services' READMEs
for their columns. Everything is drawn from a fixed seed and from `today`.
"""

import csv
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from deploy.demo.activities import ACTIVITIES, CENTRES, Activity, import_columns
from deploy.demo.people import Child, Family, inhabitants
from deploy.demo.year import SchoolYear, Span, school_year

SLUG = "carteville"
NAME = "Mairie de Carteville"
PASSWORD = "soleil-marelle-42"  # noqa: S105 - printed on the demo's first line
STAFF = (
    ("agent@carteville.example", "Agnès", "Desk", "desk|manager"),
    ("regie@carteville.example", "Rémi", "Caisse", "cashier"),
    ("animation@carteville.example", "Anouk", "Centre", "carer"),
    ("admin@carteville.example", "Ariane", "Mairie", "admin"),
)
ENROLMENT_STATES = ("accepted",) * 19 + ("requested",)
WEEKS_BOOKED_AHEAD = 6
DAYS_OPEN_AHEAD = 120

Row = tuple[object, ...]
Rows = list[Row]


def write(directory: Path, today: date) -> None:
    """Write every import file of Carteville into `directory`, with periods and bookings around `today`."""
    directory.mkdir(parents=True, exist_ok=True)
    year = school_year(today)
    families = inhabitants(SLUG, 200, 350, ("jules-verne", "tilleuls"), today)
    children = [child for family in families for child in family.children]
    enrolments = _enrolments(children, year, today)
    files = {
        **_town(families),
        **_files_of_families(families, children, enrolments),
        **_offer(year, today),
        **_prices(year),
        **_past_and_coming_days(children, enrolments, year, today),
    }
    for name, rows in files.items():
        _write_csv(directory / f"{name}.csv", rows)


def logins(today: date) -> list[tuple[str, str]]:
    """Return (login, who it is) of the people that the demo suggests to log in as."""
    families = inhabitants(SLUG, 200, 350, ("jules-verne", "tilleuls"), today)
    large = max(families[:40], key=lambda family: len(family.children))
    english = next(family for family in families if family.language == "en" and family.children)
    chosen = [(families[0], "famille"), (large, "famille nombreuse"), (english, "English-speaking family")]
    people = [
        (family.guardians[0].email, f"{label}, {len(family.children)} enfant(s)") for family, label in chosen
    ]
    return people + [(login, roles.replace("|", ", ")) for login, _, _, roles in STAFF]


def _write_csv(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


def _town(families: list[Family]) -> dict[str, Rows]:
    welcome = "Les inscriptions de l'année sont ouvertes. Pensez à vérifier vos coordonnées."
    accounts: Rows = [
        ("login", "password", "first_name", "last_name", "language", "organisation",
         "family_reference", "guardian_reference", "roles", "centre_references"),
    ]  # fmt: skip
    for family in families:
        one = family.guardians[0]
        accounts.append((one.email, PASSWORD, one.first_name, one.last_name, family.language, SLUG,
                         family.reference, one.reference, "", ""))  # fmt: skip
    for login, first_name, last_name, roles in STAFF:
        accounts.append((login, PASSWORD, first_name, last_name, "fr", SLUG, "", "", roles, "cabanes"))
    return {
        "organisations": [
            ("slug", "name", "time_zone", "language", "announcement_title", "announcement_text"),
            (SLUG, NAME, "Europe/Paris", "fr", "Bienvenue", welcome),
        ],
        "accounts": accounts,
    }


def _files_of_families(families: list[Family], children: list[Child], enrolments: Rows) -> dict[str, Rows]:
    heads = ("reference", "name", "language", "address_line_1", "address_line_2", "postcode", "town", "phone")
    return {
        "families": [heads, *(
            (f.reference, f.name, f.language, f.street, "", "99150", "Carteville",
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
              for c in children),
        ],
        "enrolments": [("child_reference", "activity_reference", "school_year", "state"), *enrolments],
    }  # fmt: skip


def _fits(activity: Activity, child: Child, day: date) -> bool:
    had_birthday = (day.month, day.day) >= (child.birth_on.month, child.birth_on.day)
    return activity.admits(day.year - child.birth_on.year - (not had_birthday), child.school)


def _enrolments(children: list[Child], year: SchoolYear, today: date) -> Rows:
    draw = random.Random("enrolments")  # noqa: S311
    return [
        (child.reference, activity.reference, year.name, draw.choice(ENROLMENT_STATES))
        for child in children
        for activity in ACTIVITIES
        if activity.needs_enrolment and _fits(activity, child, today)
    ]


def _offer(year: SchoolYear, today: date) -> dict[str, Rows]:
    everywhere = "|".join(reference for reference, _ in CENTRES)
    spans = sorted((*year.terms, *year.breaks), key=lambda span: span.starts_on)
    periods: Rows = [
        (f"{year.name}-{number}", f"{span.name} ({span.starts_on.year})", everywhere,
         span.starts_on, span.ends_on, _opens_on(span, today), span.ends_on)
        for number, span in enumerate(spans, start=1)
    ]  # fmt: skip
    closures: Rows = [("", span.starts_on, span.ends_on, span.name, "school_holiday") for span in year.breaks]
    bridge = year.terms[-1].ends_on - timedelta(days=14)
    closures.append(("cabanes", bridge, bridge, "Formation des équipes", "closure"))
    return {
        "centres": [("reference", "name"), *CENTRES],
        "activities": [
            import_columns(),
            *(tuple(a.cells[name] for name in import_columns()) for a in ACTIVITIES),
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


def _prices(year: SchoolYear) -> dict[str, Rows]:
    groups = sorted({activity.cells["group"] for activity in ACTIVITIES})
    wallets: Rows = []
    for group in groups:
        prepaid = any(a.cells["charging_mode"] == "prepaid" for a in ACTIVITIES if a.cells["group"] == group)
        mode = "prepaid" if prepaid else "invoiced"
        wallets.append((group.lower().replace(" ", "-"), group, group, "enfance", mode))
    first = year.span.starts_on.replace(month=1, day=1)
    change = year.span.starts_on.replace(year=year.span.starts_on.year + 1, month=1, day=1)
    tariffs: Rows = []
    for activity in ACTIVITIES:
        tariffs.append((activity.reference, activity.price_cents, first, change - timedelta(days=1)))
        tariffs.append((activity.reference, activity.price_cents + activity.price_cents // 50, change, ""))
    return {
        "cash_offices": [("reference", "name"), ("enfance", "Régie enfance et loisirs")],
        "wallets": [("reference", "name", "activity_group", "cash_office_reference", "mode"), *wallets],
        "tariffs": [("activity_reference", "price_cents", "valid_from", "valid_to"), *tariffs],
    }


def _past_and_coming_days(
    children: list[Child], enrolments: Rows, year: SchoolYear, today: date
) -> dict[str, Rows]:
    """Return bookings already made: the Wednesdays and workshops to come are full, with people waiting."""
    enrolled = {(row[0], row[1]) for row in enrolments if row[3] == "accepted"}
    accepted, waiting = [], []
    for activity in ACTIVITIES:
        known = [
            child
            for child in children
            if not activity.needs_enrolment or (child.reference, activity.reference) in enrolled
        ]
        for day in _opening_days(activity, year, today):
            draw = random.Random(f"{activity.reference} {day}")  # noqa: S311
            willing = [child for child in known if _fits(activity, child, day)]
            draw.shuffle(willing)
            seats = activity.seats_sold(draw)
            accepted += [_booking(activity, child, day, "accepted") for child in willing[:seats]]
            if seats == activity.capacity:
                room = seats + draw.randint(1, activity.waiting_max)
                waiting += [_booking(activity, child, day, "waitlisted") for child in willing[seats:room]]
    slot = (
        "child_reference",
        "family_reference",
        "activity_reference",
        "centre_reference",
        "day",
        "day_part",
    )
    prices = {a.reference: a.price_cents for a in ACTIVITIES if a.cells["charging_mode"] == "prepaid"}
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
