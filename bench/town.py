"""The town of the measurements: 200 families with 4 children, five activities open on every weekday.

Written as import files and read by each service's own import command, like the demo's. All activities lie in
different parts of the day, so that no booking of one scenario stands in the way of another's.
"""

import csv
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from chassis.values.ids import named_id
from deploy.local.stack import Stack
from deploy.local.town import IMPORTING, run_command

SLUG = "grandpre"
ORGANISATION_ID = named_id("", "organisation", SLUG)
PASSWORD = "mesure-sans-hate-61"
FAMILIES = 200
CHILDREN = 4
SEATS = 180
WAITING = 30
"""Of every activity and day: some of the 200 families find it full, and wait."""

DAYS = 300
"""Calendar days from tomorrow that are open, weekends left out."""

CENTRE = "grande-ourse"
INVOICED, PREPAID, FREE, NOON = "matin", "club", "veillee", "repas"
PARTS = {INVOICED: "morning", PREPAID: "afternoon", FREE: "evening", NOON: "noon"}
_HOURS = {
    "morning": ("07:30", "11:30"),
    "noon": ("12:00", "13:20"),
    "afternoon": ("13:30", "17:30"),
    "evening": ("18:00", "19:30"),
}
_CHARGING = {INVOICED: "invoiced", PREPAID: "prepaid", FREE: "free", NOON: "invoiced"}
_PRICES = {INVOICED: 245, PREPAID: 764, FREE: 0, NOON: 376}

Rows = list[tuple[object, ...]]


def load(stack: Stack, today: date) -> None:
    """Write the files and have every service import its own; the stack must be running."""
    files = stack.directory / "town"
    files.mkdir(exist_ok=True)
    for name, rows in _files(today).items():
        _write(files / f"{name}.csv", rows)
    for side_by_side in IMPORTING:
        with ThreadPoolExecutor(len(side_by_side)) as pool:
            list(pool.map(lambda service: _import(stack, service, files), side_by_side))


def weekdays(today: date) -> Iterator[date]:
    """Walk through the days on which everything is open, leaving out those whose deadlines are near."""
    for number in range(7, DAYS):
        day = today + timedelta(days=number)
        if day.isoweekday() <= 5:
            yield day


def movement(child_id: str, activity: str, day: date) -> dict[str, str]:
    """Return the basket line that books a child into an activity on a day."""
    return {
        "action": "book",
        "child_id": child_id,
        "activity_id": named_id(ORGANISATION_ID, "activity", activity),
        "centre_id": named_id(ORGANISATION_ID, "centre", CENTRE),
        "day": day.isoformat(),
        "day_part": PARTS[activity],
    }


def login(number: int) -> str:
    """Return the login of a family."""
    return f"famille{number:03d}@{SLUG}.example"


def _import(stack: Stack, service: str, files: Path) -> None:
    run_command(stack, service, ["import", str(files), "--organisation", SLUG])


def _write(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


def _files(today: date) -> Mapping[str, Rows]:
    return {**_people(), **_offer(today), **_prices()}


def _people() -> dict[str, Rows]:
    families = range(FAMILIES)
    children = [(number, rank) for number in families for rank in range(CHILDREN)]
    return {
        "organisations": [
            ("slug", "name", "time_zone", "language", "announcement_title", "announcement_text"),
            (SLUG, "Mairie de Grandpré", "Europe/Paris", "fr", "", ""),
        ],
        "accounts": [
            ("login", "password", "first_name", "last_name", "language", "organisation",
             "family_reference", "guardian_reference", "roles", "centre_references"),
            *((login(n), PASSWORD, "Ida", f"Mesure{n}", "fr", SLUG, f"f{n}", f"g{n}", "", "")
              for n in families),
        ],
        "families": [
            ("reference", "name", "language", "address_line_1", "address_line_2", "postcode", "town",
             "phone"),
            *((f"f{n}", f"Mesure{n}", "fr", "1 rue du Chrono", "", "99150", "Grandpré", "")
              for n in families),
        ],
        "guardians": [
            ("reference", "family_reference", "first_name", "last_name", "email", "phone", "payer"),
            *((f"g{n}", f"f{n}", "Ida", f"Mesure{n}", login(n), "", "yes") for n in families),
        ],
        "children": [
            ("reference", "family_references", "first_name", "last_name", "birth_on", "school",
             "school_class"),
            *((f"c{n}-{rank}", f"f{n}", f"Enfant{rank}", f"Mesure{n}", "2019-03-14", CENTRE, "CP")
              for n, rank in children),
        ],
        "enrolments": [("child_reference", "activity_reference", "school_year", "state")],
    }  # fmt: skip


def _offer(today: date) -> dict[str, Rows]:
    last = today + timedelta(days=DAYS)
    return {
        "centres": [("reference", "name"), (CENTRE, "Centre de la Grande-Ourse")],
        "activities": [
            ("reference", "name", "group", "centre_references", "day_part", "arrives_at", "leaves_at",
             "capacity", "waiting_max", "decision_mode", "charging_mode", "needs_enrolment", "age_min",
             "age_max", "weekdays", "on", "booking_deadline", "cancelling_deadline"),
            *((reference, reference.capitalize(), f"Groupe {_CHARGING[reference]}", CENTRE, part,
               *_HOURS[part], SEATS, WAITING, "instant", _CHARGING[reference], "no", 3, 12,
               "1|2|3|4|5", "all", "1 day before 09:00 counting Mon-Fri skip_holidays",
               "1 day before 09:00 counting Mon-Fri skip_holidays")
              for reference, part in PARTS.items()),
        ],
        "periods": [
            ("reference", "name", "centre_references", "starts_on", "ends_on", "opens_on", "closes_on"),
            ("annee", "Année", CENTRE, today, last, today - timedelta(days=2), last),
        ],
        "holidays": [("day", "name")],
        "closures": [("centre_reference", "starts_on", "ends_on", "name", "kind")],
        "bookings": [
            ("child_reference", "family_reference", "activity_reference", "centre_reference", "day",
             "day_part", "state"),
        ],
    }  # fmt: skip


def _prices() -> dict[str, Rows]:
    groups = sorted({f"Groupe {mode}" for mode in _CHARGING.values()})
    return {
        "cash_offices": [("reference", "name"), ("regie", "Régie de Grandpré")],
        "wallets": [
            ("reference", "name", "activity_group", "cash_office_reference", "mode"),
            *((f"w{n}", group, group, "regie", "prepaid" if "prepaid" in group else "invoiced")
              for n, group in enumerate(groups)),
        ],
        "tariffs": [
            ("activity_reference", "price_cents", "valid_from", "valid_to"),
            *((reference, cents, "2020-01-01", "") for reference, cents in _PRICES.items()),
        ],
        "paid_bookings": [
            ("child_reference", "family_reference", "activity_reference", "centre_reference", "day",
             "day_part", "price_cents"),
        ],
    }  # fmt: skip
