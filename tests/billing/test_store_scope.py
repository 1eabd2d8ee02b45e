"""What every method of the store has in common: it sees one organisation only, and by an index."""

import inspect
from datetime import date, timedelta

import pytest

from billing.attempts.model import Payment
from billing.commands.store import Store
from billing.consumption.model import Consumption, Expectation
from billing.credit_notes.model import CreditReason
from billing.ledger.model import Account, AccountKind, Entry, EntryKind, Leg
from billing.ledger.rules import bank_of
from billing.quotes.rules import quote
from billing.vocabulary import ChargingMode
from chassis.values.context import Context
from chassis.values.errors import Refused
from tests.billing.town import (
    FAMILY,
    HELD_UNTIL,
    LEISURE,
    NOW,
    ORGANISATION,
    WALLET,
    ask,
    charge,
    found,
    held,
    order,
    tariff,
)

FOREIGN = Context(kind="service", issuer="booking", organisation_id="org-2", family_id=FAMILY)
NOBODY = Context(kind="anonymous", issuer="gateway")
LATE = NOW + timedelta(days=1)
PURSE = Account(AccountKind.WALLET, LEISURE.id, FAMILY, "wallet-1")
COMING = Consumption("coming", "care", "care", date(2026, 12, 1), ChargingMode.INVOICED)
QUOTE = quote(quote_id="quote-1", family_id=FAMILY, lines=[], given_back=[], notes=[], now=NOW)
TOP_UP = Entry(
    "top-up", EntryKind.PAYMENT, FAMILY, LEISURE.id, (Leg(bank_of(LEISURE), -500), Leg(PURSE, 500))
)
MINUTE = timedelta(minutes=1)
# Timers and notifications serve all organisations: they give the organisation of what they find.
FOR_ALL = {"settlements.overdue", "payments.to_look_up", "payments.hinted", "checks.organisations"}


@pytest.fixture
def lived_in(town):
    """The town with something in every collection."""
    town.configuration.keep_organisation(ORGANISATION, "carteville", "Indian/Reunion", 1)
    town.configuration.keep_family(ORGANISATION, FAMILY, "Roy", [{"guardian_id": "g", "email": "a@b.fr"}], 1)
    town.journal.post(ORGANISATION, TOP_UP, NOW)
    town.quotes.keep(ORGANISATION, QUOTE)
    town.wallets.expect(ORGANISATION, [Expectation(FAMILY, COMING, 1)])
    for name in ("old", "older"):
        town.settlements.take_over(ORGANISATION, [charge(name, 200)], NOW)
    town.settlements.credit(ORGANISATION, "old", CreditReason.CANCELLED, NOW)
    for number in (1, 2):
        name = f"settlement-{number}"
        town.settlements.settle(ORGANISATION, order(held(1, 500, booking_id=f"{name}-1"), name=name), NOW)
        payment = town.payments.begin(ORGANISATION, ask(f"payment-{number}", settlement=name), FAMILY, NOW)
        town.payments.redirect(
            ORGANISATION, payment, f"at-provider-payment-{number}", "http://page.example", NOW
        )
    town.payments.found(ORGANISATION, "payment-2", found(payment), NOW, MINUTE)
    return town


def calls(store, who):
    """Every method of the store, asked by `who` for what ORGANISATION has, and the answer showing nothing."""
    return {
        "quotes.get": (lambda: store.quotes.get(who, "quote-1"), None),
        "quotes.keep": (lambda: store.quotes.keep(who, QUOTE), QUOTE),
        "journal.balance_cents": (lambda: store.journal.balance_cents(who, PURSE), 0),
        "journal.post": (lambda: store.journal.post(who, TOP_UP, NOW), True),
        "wallets.balances": (lambda: store.wallets.balances(who, "family-of-nobody"), {}),
        "wallets.to_come": (
            lambda: store.wallets.to_come(who, FAMILY, date(2026, 1, 1), date(2027, 1, 1)),
            [],
        ),
        "wallets.expect": (lambda: store.wallets.expect(who, [Expectation("family-2", COMING, 9)]), None),
        "wallets.forget": (lambda: store.wallets.forget(who, "coming", 9), None),
        **calls_for_settlements(store.settlements, who),
        **calls_for_payments(store.payments, who),
        **calls_for_configuration(store.configuration, who),
        "checks.picture": (lambda: store.checks.picture("org-3")["journal"], []),
    }


def calls_for_settlements(settlements, who):
    return {
        "settlements.get": (lambda: settlements.get(who, "settlement-1"), None),
        "settlements.charges": (lambda: settlements.charges(who, ["older"]), {}),
        "settlements.free_notes": (lambda: settlements.free_notes(who, FAMILY), []),
        "settlements.due_of": (lambda: settlements.due_of(who, FAMILY, NOW), []),
        "settlements.withdraw": (lambda: settlements.withdraw(who, "settlement-1-1", NOW), False),
        "settlements.credit": (lambda: settlements.credit(who, "older", CreditReason.CANCELLED, NOW), False),
        "settlements.release": (lambda: settlements.release(who, "settlement-1", LATE), False),
        "settlements.release_of_booking": (
            lambda: settlements.release_of_booking(who, "settlement-1-1", LATE),
            False,
        ),
        "settlements.take_over": (
            lambda: settlements.take_over(who, [charge("older", 1, family="f")], NOW),
            True,
        ),
        "settlements.settle": (
            lambda: settlements.settle(who, order(held(1, 7), family="f", content="other"), NOW).family_id,
            "f",
        ),
    }


def calls_for_payments(payments, who):
    payment = payments.get(ORGANISATION, "payment-1")
    lost = (LookupError,)
    return {
        "payments.begin": (
            lambda: payments.begin(who, ask("new", settlement="settlement-2"), FAMILY, NOW),
            "not_found",
        ),
        "payments.redirect": (lambda: payments.redirect(who, payment, "x", "y", NOW), payment),
        "payments.get": (lambda: payments.get(who, "payment-1"), None),
        "payments.by_reference": (lambda: payments.by_reference(who, "at-provider-payment-1"), None),
        "payments.found": (lambda: payments.found(who, "payment-1", found(payment), NOW, MINUTE), lost),
        "payments.expire": (lambda: payments.expire(who, "payment-1"), None),
        "payments.postpone": (lambda: payments.postpone(who, "payment-1", None), None),
        "payments.paid_of": (lambda: payments.paid_of(who, FAMILY), []),
        "payments.notes_of": (lambda: payments.notes_of(who, FAMILY), []),
    }


def calls_for_configuration(configuration, who):
    return {
        "configuration.offices": (lambda: configuration.offices(who), []),
        "configuration.wallets": (lambda: configuration.wallets(who), []),
        "configuration.tariffs": (lambda: configuration.tariffs(who, ["dance"]), []),
        "configuration.overlapping": (
            lambda: configuration.overlapping(who, "dance", date(2026, 2, 1), None),
            False,
        ),
        "configuration.time_zone": (lambda: configuration.time_zone(who), "Europe/Paris"),
        "configuration.family": (lambda: configuration.family(who, FAMILY), ("", [])),
        "configuration.put_office": (lambda: configuration.put_office(who, LEISURE), None),
        "configuration.put_wallet": (lambda: configuration.put_wallet(who, WALLET), None),
        "configuration.put_tariff": (lambda: configuration.put_tariff(who, tariff(1)), None),
        "configuration.keep_family": (lambda: configuration.keep_family(who, FAMILY, "X", [], 9), None),
        "configuration.keep_organisation": (
            lambda: configuration.keep_organisation("org-2", "x", "Europe/Paris", 9),
            None,
        ),
    }


def methods(store):
    nouns = {name: noun for name, noun in vars(store).items() if name != "database"}
    return {
        f"{name}.{method}"
        for name, noun in nouns.items()
        for method, _ in inspect.getmembers(noun, inspect.ismethod)
        if not method.startswith("_")
    }


def contents(store):
    names = sorted(set(store.database.list_collection_names()) - {"outbox"})
    return {
        name: sorted(map(str, store.database[name].find({"organisation_id": ORGANISATION}))) for name in names
    }


def test_no_method_shows_or_changes_what_belongs_to_another_organisation(lived_in):
    before = contents(lived_in)
    asked = calls(lived_in, FOREIGN)
    assert set(asked) | FOR_ALL == methods(lived_in)
    for name, (call, nothing) in asked.items():
        if isinstance(nothing, tuple) and nothing and isinstance(nothing[0], type):
            with pytest.raises(nothing):
                call()
        else:
            assert call() == nothing, name
    assert contents(lived_in) == before


def test_a_context_without_an_organisation_sees_nothing(lived_in):
    for name, (call, _) in calls(lived_in, NOBODY).items():
        if name not in {"configuration.keep_organisation", "checks.picture"}:
            with pytest.raises(Refused, match="forbidden"):
                call()


def test_no_query_reads_a_whole_collection(lived_in):
    database = lived_in.database
    database.command("profile", 2)
    for call, _ in calls(
        lived_in, Context(kind="service", issuer="booking", organisation_id=ORGANISATION)
    ).values():
        try:
            call()
        except (Refused, LookupError):
            continue
    lived_in.settlements.overdue(LATE)
    lived_in.payments.to_look_up(LATE)
    lived_in.payments.hinted("at-provider-payment-1")
    database.command("profile", 0)
    scans = [
        (each["ns"], each.get("command"))
        for each in database["system.profile"].find({"planSummary": {"$regex": "COLLSCAN"}})
        if not each["ns"].endswith("system.profile")
    ]
    assert scans == []


def test_a_later_word_is_not_overwritten_by_an_earlier_one(store):
    store.configuration.keep_family(ORGANISATION, FAMILY, "New", [], 5)
    store.configuration.keep_family(ORGANISATION, FAMILY, "Old", [], 4)
    assert store.configuration.family(ORGANISATION, FAMILY)[0] == "New"
    store.wallets.forget(ORGANISATION, "coming", 5)
    store.wallets.expect(ORGANISATION, [Expectation(FAMILY, COMING, 4)])
    assert store.wallets.to_come(ORGANISATION, FAMILY, date(2026, 1, 1), date(2027, 1, 1)) == []


def test_what_is_kept_reads_back_as_it_was(lived_in):
    assert lived_in.quotes.get(ORGANISATION, "quote-1") == QUOTE
    settlement = lived_in.settlements.get(ORGANISATION, "settlement-1")
    assert settlement.parts[0].held_until == HELD_UNTIL
    payment = lived_in.payments.get(ORGANISATION, "payment-2")
    assert isinstance(payment, Payment)
    assert payment.receipt_number == "R-LOISIRS-2026-000001"
    assert isinstance(lived_in, Store)
