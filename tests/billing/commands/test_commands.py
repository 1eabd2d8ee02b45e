"""What an operator runs: the import of prices, and the check of the books."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from billing.commands.__main__ import main
from billing.ledger.model import AccountKind
from billing.ledger.store.transactions import Stamp
from chassis.values.actor import Actor
from chassis.values.ids import named_id
from chassis.values.scope import Scope
from tests.billing.town import MINUTE, NOW, SCOPE, ask, found, held, order

TOWN = Scope(named_id("", "organisation", "carteville"))
FILES = {
    "cash_offices.csv": "reference;name\nenfance;Régie enfance\nsport;Régie des sports\n",
    "wallets.csv": (
        "reference;name;activity_group;cash_office_reference;mode\n"
        "loisirs;Loisirs;Loisirs;enfance;prepaid\njudo;Judo;Sport;sport;prepaid\n"
    ),
    "tariffs.csv": (
        "activity_reference;price_cents;valid_from;valid_to\n"
        "danse;500;2026-01-01;2026-12-31\ndanse;520;2027-01-01;\n"
    ),
    "paid_bookings.csv": (
        "child_reference;family_reference;activity_reference;activity_group;centre_reference;day;day_part;price_cents\n"
        "C1;F1;danse;Loisirs;cabanes;2026-11-18;day;500\n"
    ),
}


@pytest.fixture
def run(store, tmp_path):
    def run_import(**changed):
        for name, text in {**FILES, **{f"{name}.csv": text for name, text in changed.items()}}.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        arguments = ["import", str(tmp_path), "--organisation", "carteville"]
        return CliRunner().invoke(main, arguments, catch_exceptions=False)

    return run_import


def contents(store):
    names = sorted(store.database.list_collection_names())
    return {name: sorted(map(str, store.database[name].find({}))) for name in names}


def test_importing_again_changes_nothing(run, store, books):
    assert run().exit_code == 0
    before = contents(store)
    assert run().exit_code == 0
    assert contents(store) == before
    assert [wallet.name for wallet in store.wallets.all(TOWN)] == ["Judo", "Loisirs"]
    assert books.check() == []
    assert "0 findings" in CliRunner().invoke(main, ["fsck"]).output


def test_a_cash_office_s_new_name_reaches_its_wallets(run, store):
    run()
    run(cash_offices="reference;name\nenfance;Régie jeunesse\n")
    names = {wallet.office.name for wallet in store.wallets.all(TOWN)}
    assert names == {"Régie jeunesse", "Régie des sports"}


@pytest.mark.parametrize(
    ("file", "lines", "fault"),
    [
        ("wallets", "w;W;G;nowhere;prepaid", "wallets.csv, line 2, cash_office_reference: No cash office"),
        ("wallets", "w;W;G;enfance;gold", "wallets.csv, line 2, mode: Expected one of"),
        ("tariffs", "danse;x;2026-01-01;", "tariffs.csv, line 2, price_cents: Expected a whole number"),
        (
            "tariffs",
            "danse;5;2026-02-01;2026-01-01",
            "tariffs.csv, line 2, valid_to: It ends before it begins.",
        ),
        (
            "tariffs",
            "danse;5;2026-01-01;\ndanse;6;2026-06-01;",
            "tariffs.csv, line 3, valid_from: Another price",
        ),
        (
            "paid_bookings",
            "C;F;danse;Chess;c;2026-11-18;day;5",
            "paid_bookings.csv, line 2, activity_group: Not",
        ),
    ],
)
def test_a_bad_line_is_named_and_the_good_ones_are_kept(run, store, file, lines, fault):
    header = FILES[f"{file}.csv"].split("\n")[0]
    result = run(**{file: f"{header}\n{lines}\n"})
    assert result.exit_code == 1
    assert fault in result.output
    assert len(store.offices.all(TOWN)) == 2


WALLETS = (
    "reference;name;activity_group;cash_office_reference;mode;may_owe_cents\n"
    "loisirs;Loisirs;Loisirs;enfance;prepaid;\njudo;Judo;Sport;sport;prepaid;\n"
    "matin;Matin;Matin;enfance;consumption;1000\n"
)
ENTRIES = "reference;family_reference;wallet_reference;day;kind;label;amount_cents\n"


def test_what_moved_a_wallet_elsewhere_is_its_balance_here(run, store, books):
    entries = ENTRIES + (
        "1;F1;matin;2026-06-29;consumed;Accueil du matin;900\n2;F1;matin;2026-06-30;paid;Chèque;350\n"
        "3;F2;matin;2026-06-30;paid;Chèque;200\n"
    )
    for _ in range(2):
        result = run(wallets=WALLETS, wallet_entries=entries)
        assert result.exit_code == 0, result.output
    balances = [
        store.ledger.balances(TOWN, named_id(TOWN.organisation_id, "family", family))
        for family in ("F1", "F2")
    ]
    matin = named_id(TOWN.organisation_id, "wallet", "matin")
    assert [each[matin][AccountKind.WALLET] for each in balances] == [-550, 200]
    assert books.check() == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("9;F1;nowhere;2026-06-30;paid;Chèque;5", "line 3, wallet_reference: No wallet has this reference."),
        ("9;F1;matin;2026-06-30;consumed;Repas;1351", "line 3, amount_cents: The family would owe more"),
        ("9;F1;judo;2026-06-30;consumed;Judo;1", "line 3, amount_cents: The family would owe more"),
        ("1;F1;matin;2026-06-30;paid;Chèque;351", "line 3, reference: "),
    ],
)
def test_a_movement_that_can_t_be_carried_over_is_told_and_moves_nothing(run, store, books, line, fault):
    known = "1;F1;matin;2026-06-30;paid;Chèque;350\n"
    assert run(wallets=WALLETS, wallet_entries=ENTRIES + known).exit_code == 0
    another = "2;F2;matin;2026-06-30;paid;Chèque;350\n"
    result = run(wallets=WALLETS, wallet_entries=f"{ENTRIES}{another}{line}\n")
    assert result.exit_code == 1
    assert fault in result.output
    assert books.check() == []


def test_books_that_are_wrong_are_told(run, store):
    run()
    store.database["charges"].update_many({}, {"$set": {"credited_cents": 501}})
    result = CliRunner().invoke(main, ["fsck"])
    assert result.exit_code == 1
    assert "was given back more than it was charged" in result.output


def test_what_was_told_is_sent_again_as_it_was(town, store):
    store.settlements.settle(SCOPE, order(held(1, 0)), Stamp(NOW, Actor("machine")))
    [row] = store.database.outbox.find()
    store.database.outbox.update_one({}, {"$unset": {"pending": ""}, "$set": {"sent_at": datetime.now(UTC)}})
    result = CliRunner().invoke(main, ["republish", "--organisation", "all"])
    assert result.output == "events to be sent again: 1\n"
    [again] = store.database.outbox.find({"pending": {"$exists": True}})
    for name in ("_id", "name", "sequence", "occurred_at", "data", "actor"):
        assert again[name] == row[name], name


def quarantined(store):
    """An order of an organisation whose payment came with another amount."""
    stamp = Stamp(NOW, Actor("service"))
    store.settlements.settle(TOWN, order(held(1, 500)), stamp)
    attempt = store.attempts.begin(TOWN, ask(), stamp)
    attempt = store.attempts.redirect(TOWN, attempt, ("at-provider", "http://page.example"), NOW)
    store.attempts.found(TOWN, attempt.id, found(attempt, amount=100), MINUTE, stamp)
    return attempt.id


def asked(*arguments):
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_an_operator_is_told_which_payments_wait_for_a_cashier_and_that_the_books_are_sound(store):
    payment_id = quarantined(store)
    for command, told in (("quarantined", "1 payments wait"), ("fsck", "billing: 0 findings")):
        result = asked(command)
        assert result.exit_code == 0
        assert told in result.output
        assert (
            f"payment {payment_id} at loisirs is being checked: 500 cents were asked for, 100 reported"
            in (result.output)
        )


def test_an_operator_resolves_a_quarantine_for_a_cash_office_without_pages(store, books):
    payment_id = quarantined(store)
    command = ("resolve", payment_id, "--organisation", "carteville", "--came-cents")
    assert asked(*command, "100").exit_code == asked(*command, "100").exit_code == 0
    assert "conflict" in asked(*command, "0").output
    assert (
        "not_found" in asked("resolve", "other", "--organisation", "carteville", "--came-cents", "0").output
    )
    assert "0 payments wait" in asked("quarantined").output
    (note,) = store.credit_notes.free(TOWN, "family-1")
    assert note.left_cents == 100
    assert books.check() == []
