"""The demo towns as files: what the issue promises of them, on whatever day the demo is made."""

import csv
import itertools
from datetime import date

import pytest

from deploy.demo import carteville, town, valmont
from deploy.demo.people import FAMILY_NAMES
from deploy.demo.year import school_year
from tests.browser.households import of_les_tilleuls
from tests.journeys.people import fitting

DAYS = [
    date(2026, 11, 21),
    date(2027, 1, 1),
    date(2027, 1, 20),
    date(2027, 7, 20),
    date(2028, 2, 29),
    date(2033, 12, 25),
]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def today(request):
    return request.param


@pytest.fixture(scope="module")
def files(today, tmp_path_factory):
    directory = tmp_path_factory.mktemp("town")
    town.write(carteville.TOWN, directory, today)
    return {path.stem: rows(path) for path in directory.glob("*.csv")}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def column(table, name):
    return [row[name] for row in table]


def test_carteville_has_the_size_it_is_known_for(files):
    sizes = {name: len(files[name]) for name in ("families", "children", "centres", "activities")}
    assert sizes == {"families": 200, "children": 350, "centres": 4, "activities": 12}


def test_every_reference_in_a_file_is_one_of_another_file(files):
    families, children = (
        set(column(files["families"], "reference")),
        set(column(files["children"], "reference")),
    )
    activities = set(column(files["activities"], "reference"))
    assert {
        ref for refs in column(files["children"], "family_references") for ref in refs.split("|")
    } <= families
    assert set(column(files["guardians"], "family_reference")) == families
    assert set(column(files["wallet_entries"], "family_reference")) <= families
    assert set(column(files["wallet_entries"], "wallet_reference")) <= set(
        column(files["wallets"], "reference")
    )
    for name in ("enrolments", "bookings", "paid_bookings"):
        assert set(column(files[name], "child_reference")) <= children
        assert set(column(files[name], "activity_reference")) <= activities
    assert set(column(files["tariffs"], "activity_reference")) == activities


def test_no_child_is_booked_or_waits_in_two_places_at_once(files):
    hours = {row["reference"]: (row["arrives_at"], row["leaves_at"]) for row in files["activities"]}
    days = {}
    for row in files["bookings"]:
        days.setdefault((row["child_reference"], row["day"]), []).append(hours[row["activity_reference"]])
    for each in days.values():
        for (_, leaves_at), (arrives_at, _) in itertools.pairwise(sorted(each)):
            assert leaves_at <= arrives_at


def test_periods_follow_each_other_without_a_gap_or_an_overlap(files):
    spans = sorted((row["starts_on"], row["ends_on"]) for row in files["periods"])
    for (_, ends_on), (starts_on, _) in itertools.pairwise(spans):
        assert (date.fromisoformat(starts_on) - date.fromisoformat(ends_on)).days == 1


def test_no_day_is_sold_beyond_its_seats_and_people_wait_only_for_full_ones(files):
    capacity = {row["reference"]: row["capacity"] for row in files["activities"]}
    taken: dict[tuple[str, str], int] = {}
    for row in files["bookings"]:
        if row["state"] == "accepted":
            key = (row["activity_reference"], row["day"])
            taken[key] = taken.get(key, 0) + 1
    assert all(count <= int(capacity[activity] or count) for (activity, _), count in taken.items())
    for row in files["bookings"]:
        if row["state"] == "waitlisted":
            assert taken[row["activity_reference"], row["day"]] == int(capacity[row["activity_reference"]])


def test_nobody_waits_for_a_day_that_has_begun(files, today):
    assert all(row["day"] > str(today) for row in files["bookings"] if row["state"] == "waitlisted")


def test_a_school_year_has_its_holidays_on_any_day_of_any_year():
    for day in DAYS:
        assert len(school_year(day).breaks) == 4
        assert len(school_year(day).terms) == 5


def test_two_families_of_carteville_belong_to_valmont_too():
    here = {family.guardians[0].email for family in carteville.TOWN.families(DAYS[0])}
    there = {family.guardians[0].email for family in valmont.TOWN.families(DAYS[0])}
    assert len(here & there) == 2


def test_logins_are_unique_and_people_are_invented_from_lists():
    families = carteville.TOWN.families(DAYS[0])
    logins = [guardian.login for family in families for guardian in family.guardians]
    assert len(set(logins)) == len(logins) > 200
    assert {family.name for family in families} <= set(FAMILY_NAMES)


def test_every_guardian_can_log_in_some_with_an_identifier_that_the_town_issued(files):
    accounts = {row["guardian_reference"]: row["login"] for row in files["accounts"]}
    assert accounts.keys() >= set(column(files["guardians"], "reference"))
    issued = {guardian for guardian, login in accounts.items() if guardian and "@" not in login}
    without_address = {row["reference"] for row in files["guardians"] if not row["email"]}
    assert without_address < issued
    assert all(accounts[guardian].startswith("carteville-") for guardian in issued)


def test_one_family_owes_to_its_wallets_what_guide_1_shows(files, today):
    owing = carteville.TOWN.owing(carteville.TOWN.families(today))
    balances = dict.fromkeys(column(files["wallets"], "name"), 0)
    names = {row["reference"]: row["name"] for row in files["wallets"]}
    for row in files["wallet_entries"]:
        if row["family_reference"] == owing.reference:
            cents = int(row["amount_cents"]) * (-1 if row["kind"] == "consumed" else 1)
            balances[names[row["wallet_reference"]]] += cents
    assert {name: cents for name, cents in balances.items() if cents} == {
        "Accueil périscolaire": -1353,
        "Restauration": -7160,
    }
    assert {"Accueil de loisirs", "Accueil périscolaire", "Restauration"} <= balances.keys()


def test_no_family_ever_owes_more_than_its_wallet_allows(files):
    limits = {row["reference"]: -int(row["may_owe_cents"] or 0) for row in files["wallets"]}
    balances = {}
    for row in files["wallet_entries"]:
        key = (row["family_reference"], row["wallet_reference"])
        cents = int(row["amount_cents"]) * (-1 if row["kind"] == "consumed" else 1)
        balances[key] = balances.get(key, 0) + cents
        assert balances[key] >= limits[row["wallet_reference"]]


def test_valmont_asks_first_for_its_evenings():
    modes = {each.reference: each.cells["decision_mode"] for each in valmont.TOWN.activities}
    assert [reference for reference, mode in modes.items() if mode == "on_request"] == ["soir-moulin"]
    assert "sur demande" in valmont.TOWN.welcome


@pytest.mark.parametrize("of", [carteville, valmont], ids=lambda of: of.SLUG)
def test_printed_logins_say_who_is_who_and_are_accounts_of_the_town(of, today, tmp_path):
    town.write(of.TOWN, tmp_path, today)
    accounts = set(column(rows(tmp_path / "accounts.csv"), "login"))
    printed = of.TOWN.logins(today)
    assert {login for login, _ in printed} <= accounts
    words = " ".join(who for _, who in printed)
    expected = {
        carteville: ("porte-monnaie", "second responsable", "identifiant délivré", "sans adresse e-mail"),
        valmont: ("sur demande", "dans les deux structures", "identifiant délivré"),
    }
    assert [each for each in expected[of] if each not in words] == []


def eating(files, families):
    """How many children there are in each family whose children all eat at their school."""
    enrolled = {
        (row["child_reference"], row["activity_reference"])
        for row in files["enrolments"]
        if row["state"] == "accepted"
    }
    return [
        len(family.children)
        for family in families
        if all((child.reference, f"cantine-{child.school}") in enrolled for child in family.children)
    ]


@pytest.mark.parametrize(
    ("families", "enough", "of_several"),
    [(of_les_tilleuls, 45, 12), (fitting, 60, 15)],
    ids=["browser", "journeys"],
)
def test_on_any_day_there_are_families_enough_for(families, enough, of_several, today, files):
    """Each journey takes one that nobody else books with, and some take one of several children."""
    children = eating(files, families(today))
    assert len(children) >= enough
    assert sum(count > 1 for count in children) >= of_several
