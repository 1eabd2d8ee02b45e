"""What families pay with: a wallet per group of activities, prices, and what moved wallets before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from deploy.demo.activities import Activity
from deploy.demo.people import Family
from deploy.demo.year import SchoolYear

Row = tuple[object, ...]
Rows = list[Row]

MODES = {"wallet": "consumption", "prepaid": "prepaid", "invoiced": "invoiced", "free": "invoiced"}
"""The mode of a wallet by the charging mode of its activities; the first of a group has the group's name."""
ON_INVOICE = "{group} (sur facture)"
MAY_OWE_CENTS = 20_000
OWED_FROM_LAST_YEAR = (
    # group, what was consumed, its price then, how often, for how many of these a cheque came
    ("Accueil périscolaire", "Accueil du matin", 123, 31, 20),
    ("Restauration", "Repas", 358, 40, 20),
)
"""Guide 1's figures: 13.53 and 71.60 are owed, 85.13 together."""
TOP_UP_CENTS = 1_000
SCHOOL_WEEKDAYS = (1, 2, 4, 5)


def wallets_of(activities: Iterable[Activity]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (reference, name) of each wallet, by group of activities and mode."""
    modes = defaultdict[str, set[str]](set)
    for activity in activities:
        modes[activity.cells["group"]].add(MODES[activity.cells["charging_mode"]])
    order, found = list(MODES.values()), {}
    for group, charged in sorted(modes.items()):
        first, *others = sorted(charged, key=order.index)
        reference = group.lower().replace(" ", "-")
        found[group, first] = (reference, group)
        for mode in others:
            found[group, mode] = (f"{reference}-{mode}", ON_INVOICE.format(group=group))
    return found


def prices(activities: Sequence[Activity], cash_office: tuple[str, str], year: SchoolYear) -> dict[str, Rows]:
    """Return the cash office, the wallets and the tariffs; prices change with the calendar year."""
    wallets: Rows = [
        (reference, name, group, cash_office[0], mode, MAY_OWE_CENTS if mode != "invoiced" else "")
        for (group, mode), (reference, name) in wallets_of(activities).items()
    ]
    first = year.span.starts_on.replace(month=1, day=1)
    change = year.span.starts_on.replace(year=year.span.starts_on.year + 1, month=1, day=1)
    tariffs: Rows = []
    for activity in activities:
        tariffs.append((activity.reference, activity.price_cents, first, change - timedelta(days=1)))
        tariffs.append((activity.reference, activity.price_cents + activity.price_cents // 50, change, ""))
    heads = ("reference", "name", "activity_group", "cash_office_reference", "mode", "may_owe_cents")
    return {
        "cash_offices": [("reference", "name"), cash_office],
        "wallets": [heads, *wallets],
        "tariffs": [("activity_reference", "price_cents", "valid_from", "valid_to"), *tariffs],
    }


def entries(
    activities: Sequence[Activity], owing: Family | None, booked: Iterable[Row], year: SchoolYear, today: date
) -> Rows:
    """Return what moved wallets before the demo began.

    The days that were consumed since, of activities charged to wallets, each family having paid something in
    before; and what `owing` still owes from last year, and nothing else. `booked` are rows of bookings.csv.
    """
    heads = ("reference", "family_reference", "wallet_reference", "day", "kind", "label", "amount_cents")
    if not any(a.cells["charging_mode"] == "wallet" for a in activities):
        return [heads]
    rows = list(_consumed(activities, booked, today))
    if owing is not None:
        rows = [row for row in rows if row[1] != owing.reference]
        rows += _owed(activities, owing.reference, year)
    return [heads, *rows]


def _consumed(activities: Sequence[Activity], booked: Iterable[Row], today: date) -> Iterator[Row]:
    wallets = wallets_of(activities)
    charged = {a.reference: a for a in activities if a.cells["charging_mode"] == "wallet"}
    paid_in: set[object] = set()
    for child, family, reference, _, day, day_part, state in booked:
        activity = charged.get(str(reference))
        if activity is None or state != "accepted" or not isinstance(day, date) or day >= today:
            continue
        wallet, _ = wallets[activity.cells["group"], "consumption"]
        if family not in paid_in:
            paid_in.add(family)
            yield (f"{family}/{wallet}", family, wallet, day, "paid", "Chèque", TOP_UP_CENTS)
        what = (f"{child}/{reference}/{day}/{day_part}", family, wallet, day, "consumed")
        yield (*what, activity.cells["name"], activity.price_cents)


def _owed(activities: Sequence[Activity], family: str, year: SchoolYear) -> Iterator[Row]:
    names: Mapping[str, str] = {group: reference for (group, _), (reference, _) in reversed(
        wallets_of(activities).items()
    )}  # fmt: skip
    for group, label, cents, consumed, paid in OWED_FROM_LAST_YEAR:
        wallet, days = names.get(group), _last_days(year.span.starts_on, consumed)
        if wallet is None:
            continue
        yield (f"{family}/{wallet}/{days[0]}", family, wallet, days[0], "paid", "Chèque", cents * paid)
        for day in days:
            yield (f"{family}/{wallet}/{day}/1", family, wallet, day, "consumed", label, cents)


def _last_days(before: date, count: int) -> list[date]:
    """Return the last school days of the year before, oldest first; it ended two months earlier."""
    day, found = before - timedelta(days=60), list[date]()
    while len(found) < count:
        if day.isoweekday() in SCHOOL_WEEKDAYS:
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]
