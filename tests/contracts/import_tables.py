"""Every file that is imported: its schema, what makes two lines one, and lines that are good."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from marshmallow import Schema

from billing.commands import contract as billing
from booking.commands.bookings import BOOKED, BookingRow
from booking.offer import imports as offer
from family.children.contract import ChildRow
from family.enrolments.contract import EnrolmentRow
from family.files.contract import FamilyRow
from family.guardianships.contract import GuardianshipRow
from family.people.contract import GuardianRow
from identity.accounts.contract import AccountRow
from identity.organisations.contract import OrganisationRow

DAY = date(2027, 1, 4)


@dataclass(frozen=True)
class Table:
    """One imported file: `good` makes the n-th line; `text` is a required column of free text, `wrong` what
    other columns can't be read as."""

    file: str
    schema: type[Schema]
    key: tuple[str, ...]
    text: str
    good: Callable[[int], Mapping[str, str]]
    wrong: Mapping[str, tuple[str, ...]]


DAYS = ("02/05/19", "05/25/2027", "2027-02-30", "43587")
HOURS = ("7", "24:00", "07:60")
NUMBERS = ("1e3", "+5", "-1", "0x10", "\uff11\uff12")
YES = ("maybe", "2")


def day(n: int) -> str:
    return (DAY + timedelta(n)).isoformat()


TABLES = (
    Table(
        "organisations.csv",
        OrganisationRow,
        ("slug",),
        "name",
        lambda n: {"slug": f"town-{n}", "name": "Ville", "time_zone": "Europe/Paris"},
        {"slug": ("Big Town", "a--b"), "time_zone": ("Mars/Base",)},
    ),
    Table(
        "accounts.csv",
        AccountRow,
        ("login", "organisation", "family_reference"),
        "first_name",
        lambda n: {
            "login": f"p{n}@x.example",
            "password": "soleil-marelle-42",
            "first_name": "Ana",
            "last_name": "Roy",
            "organisation": "carteville",
            "family_reference": f"F{n}",
        },
        {"login": ("zo\u00e9@x.example", "a..b@x.example"), "family_reference": ("F\u00a01", "F\u200b1")},
    ),
    Table(
        "families.csv",
        FamilyRow,
        ("reference",),
        "name",
        lambda n: {"reference": f"F{n}", "name": "Roy", "language": "fr"},
        {"language": ("de",), "reference": ("F  1", "F\u202e1")},
    ),
    Table(
        "guardians.csv",
        GuardianRow,
        ("reference",),
        "last_name",
        lambda n: {
            "reference": f"G{n}",
            "family_reference": f"F{n}",
            "first_name": "Ana",
            "last_name": "Roy",
            "email": f"g{n}@x.example",
            "payer": "VRAI",
        },
        {"payer": YES, "email": ("zo\u00e9@x.example", "a@b"), "family_reference": ("F\u00ad1",)},
    ),
    Table(
        "children.csv",
        ChildRow,
        ("reference",),
        "first_name",
        lambda n: {
            "reference": f"C{n}",
            "family_references": "F1",
            "first_name": "Zo\u00e9",
            "last_name": "Roy",
            "birth_on": "02/05/2019",
        },
        {"birth_on": DAYS, "family_references": ("F1|F1",)},
    ),
    Table(
        "guardianships.csv",
        GuardianshipRow,
        ("guardian_reference", "child_reference"),
        "guardian_reference",
        lambda n: {"guardian_reference": "G1", "child_reference": f"C{n}", "books": "oui", "to_on": day(n)},
        {"books": YES, "to_on": DAYS},
    ),
    Table(
        "enrolments.csv",
        EnrolmentRow,
        ("child_reference", "activity_reference", "school_year"),
        "activity_reference",
        lambda n: {
            "child_reference": f"C{n}",
            "activity_reference": "cantine",
            "school_year": "2026-2027",
            "state": "accepted",
        },
        {"school_year": ("2026", "2026-2028"), "state": ("perhaps",)},
    ),
    Table(
        "centres.csv",
        offer.CentreRow,
        ("reference",),
        "name",
        lambda n: {"reference": f"L{n}", "name": "\u00c9cole"},
        {"reference": ("L\u200d1", "L\t1")},
    ),
    Table(
        "activities.csv",
        offer.ActivityRow,
        ("reference",),
        "name",
        lambda n: {
            "reference": f"A{n}",
            "name": "Danse",
            "group": "Loisirs",
            "centre_references": "L1",
            "day_part": "evening",
            "arrives_at": "16h30",
            "leaves_at": "18:30",
            "capacity": "12",
            "age_min": "3",
            "age_max": "11",
            "charging_mode": "free",
            "weekdays": "1|2",
            "on": "school_days",
            "booking_deadline": "2 hours",
            "cancelling_deadline": "2 hours",
        },
        {
            "arrives_at": (*HOURS, "19:00"),
            "capacity": NUMBERS,
            "age_min": (*NUMBERS, "12"),
            "weekdays": ("8", "1|1"),
            "day_part": ("night",),
        },
    ),
    Table(
        "periods.csv",
        offer.PeriodRow,
        ("reference",),
        "name",
        lambda n: {
            "reference": f"P{n}",
            "name": "Hiver",
            "centre_references": "L1",
            "starts_on": day(n),
            "ends_on": day(n + 1),
            "opens_on": "2026-12-01",
            "closes_on": "2026-12-20",
        },
        {"starts_on": (*DAYS, "2199-01-01"), "closes_on": (*DAYS, "2026-11-30")},
    ),
    Table(
        "holidays.csv",
        offer.HolidayRow,
        ("day",),
        "name",
        lambda n: {"day": day(n), "name": "F\u00eate"},
        {"day": DAYS},
    ),
    Table(
        "closures.csv",
        offer.ClosureRow,
        ("centre_reference", "starts_on", "ends_on", "kind"),
        "name",
        lambda n: {
            "centre_reference": "L1",
            "starts_on": day(n),
            "ends_on": day(n),
            "name": "Pont",
            "kind": "closure",
        },
        {"ends_on": (*DAYS, "2026-01-01"), "kind": ("shut",)},
    ),
    Table(
        "bookings.csv",
        BookingRow,
        BOOKED,
        "child_reference",
        lambda n: {
            "child_reference": f"C{n}",
            "family_reference": "F1",
            "activity_reference": "A1",
            "centre_reference": "L1",
            "day": (DAY + timedelta(weeks=n % 6, days=n % 2)).isoformat(),
            "day_part": "evening",
            "state": "accepted",
        },
        {"day": DAYS, "day_part": ("night",), "state": ("perhaps",)},
    ),
    Table(
        "cash_offices.csv",
        billing.OfficeRow,
        ("reference",),
        "name",
        lambda n: {"reference": f"R{n}", "name": "R\u00e9gie"},
        {"reference": ("r\u00e9gie", "a-b")},
    ),
    Table(
        "wallets.csv",
        billing.WalletRow,
        ("reference",),
        "name",
        lambda n: {
            "reference": f"W{n}",
            "name": "Loisirs",
            "activity_group": "Loisirs",
            "cash_office_reference": "R1",
            "mode": "prepaid",
        },
        {"mode": ("gold",)},
    ),
    Table(
        "wallet_entries.csv",
        billing.WalletEntryRow,
        ("reference",),
        "reference",
        lambda n: {
            "reference": f"E{n}",
            "family_reference": "F1",
            "wallet_reference": "W1",
            "day": "2026-06-30",
            "kind": "paid",
            "label": "Ch\u00e8que",
            "amount_cents": "1000",
        },
        {"day": DAYS, "kind": ("stolen",), "amount_cents": (*NUMBERS, "4,50", "0")},
    ),
    Table(
        "tariffs.csv",
        billing.TariffRow,
        ("activity_reference", "valid_from"),
        "activity_reference",
        lambda n: {"activity_reference": f"A{n}", "price_cents": "391", "valid_from": "01/01/2027"},
        {"price_cents": (*NUMBERS, "4,50", "4.50", "3 \u20ac"), "valid_from": DAYS},
    ),
    Table(
        "paid_bookings.csv",
        billing.PaidBookingRow,
        BOOKED,
        "child_reference",
        lambda n: {
            "child_reference": f"C{n}",
            "family_reference": "F1",
            "activity_reference": "A1",
            "centre_reference": "L1",
            "day": "2027-01-04",
            "day_part": "evening",
            "price_cents": "391",
        },
        {"price_cents": (*NUMBERS, "4,50"), "day": DAYS},
    ),
)
