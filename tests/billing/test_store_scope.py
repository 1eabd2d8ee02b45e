"""What every method of the stores has in common: it sees one organisation only, and by an index."""

import inspect
from datetime import date, timedelta

import pytest

from billing.attempts.model import Checked, Resolution
from billing.consumption.model import Consumption, Expectation
from billing.copies.model import Contact, Family, Issuer
from billing.credit_notes.model import CreditReason, CreditUse
from billing.credit_notes.store import credit_note_id_of
from billing.ledger.model import AccountKind, EntryKind, JournalEntry, LedgerAccount, Leg
from billing.ledger.rules import bank_of
from billing.offices.model import BillingSettings
from billing.payments.model import Allocation
from billing.quotes.rules import quote
from billing.vocabulary import ChargingMode
from chassis.values.errors import Refused
from chassis.values.scope import Scope
from tests.billing.town import (
    FAMILY,
    HELD_UNTIL,
    LEISURE,
    NOW,
    ORGANISATION,
    SCOPE,
    STAMP,
    WALLET,
    ask,
    charge,
    found,
    held,
    order,
    stamp,
    tariff,
)

FOREIGN = Scope("org-2", FAMILY, merged_family_ids=("family-2",))
OF_BOTH = Scope(ORGANISATION, FAMILY, merged_family_ids=("family-2",))
LATE = NOW + timedelta(days=1)
PURSE = LedgerAccount(AccountKind.WALLET, LEISURE.id, FAMILY, "wallet-1")
MINUTE = timedelta(minutes=1)
CREDITED = Resolution(Checked.CREDITED, 100, NOW, STAMP.actor.as_document())
COMING = Consumption("coming", "care", "care", date(2026, 12, 1), ChargingMode.INVOICED)
QUOTE = quote(
    quote_id="quote-1", family_id=FAMILY, lines=[], given_back=[], notes=[], now=NOW, promised_for=MINUTE
)
TOP_UP = JournalEntry(
    "top-up", EntryKind.PAYMENT, FAMILY, LEISURE.id, (Leg(bank_of(LEISURE), -500), Leg(PURSE, 500))
)
ROY = Family("Roy", (Contact("g", "Ana Roy", "a@b.fr"),))
# Timers and notifications serve all organisations: they give the organisation of what they find. What holds
# where nobody decided is no organisation's own.
FOR_ALL = {
    "settlements.overdue",
    "looks.to_look_up",
    "looks.read_gauges",
    "quarantines.read_gauges",
    "quarantines.count_quarantined",
    "settings.undecided",
}
# These work inside the transaction of another store, which has found by its scope what it hands them.
WITHIN = {
    "ledger.write",
    "offices.take_number",
    "credit_notes.carry_out",
    "credit_notes.keep",
    "settlements.put",
    "settlements.release",
    "payments.receive",
}


@pytest.fixture
def lived_in(town):
    """The town with something in every collection."""
    issuer = Issuer("Carteville", "#0b3c5d", ("12 place du Marché",))
    town.copies.keep_organisation(SCOPE, "carteville", "Indian/Reunion", 1, issuer)
    town.copies.keep_family(SCOPE, FAMILY, ROY, 1)
    town.ledger.post(SCOPE, TOP_UP, STAMP)
    town.quotes.keep(SCOPE, QUOTE)
    decided = BillingSettings(quote_minutes=20)
    town.settings.put(SCOPE, decided, actor=STAMP.actor, at=NOW, request_id="")
    town.consumption.expect(SCOPE, [Expectation(FAMILY, COMING, 1)])
    for name in ("old", "older"):
        town.credit_notes.take_over(SCOPE, [charge(name, 200)], STAMP)
    town.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    for number in (1, 2, 3):
        name = f"settlement-{number}"
        town.settlements.settle(SCOPE, order(held(1, 500, booking_id=f"{name}-1"), name=name), STAMP)
        attempt = town.attempts.begin(SCOPE, ask(f"payment-{number}", settlement=name), STAMP)
        page = (f"at-provider-payment-{number}", "http://page.example")
        town.attempts.redirect(SCOPE, attempt, page, NOW)
    for name, amount in (("payment-2", 500), ("payment-3", 1)):
        said = found(town.attempts.get(SCOPE, name), amount=amount)
        town.attempts.found(SCOPE, name, said, MINUTE, STAMP)
    return town


def calls(store, who):
    """Each method of the stores, asked by `who` for what ORGANISATION has, and the answer showing nothing."""
    return {
        "quotes.get": (lambda: store.quotes.get(who, "quote-1"), None),
        "quotes.keep": (lambda: store.quotes.keep(who, QUOTE), QUOTE),
        "ledger.balance_cents": (lambda: store.ledger.balance_cents(who, PURSE), 0),
        "ledger.balances": (lambda: store.ledger.balances(who, "family-of-nobody"), {}),
        "ledger.post": (lambda: store.ledger.post(who, TOP_UP, STAMP), True),
        "consumption.to_come": (
            lambda: store.consumption.to_come(who, FAMILY, date(2026, 1, 1), date(2027, 1, 1)),
            [],
        ),
        "consumption.expect": (
            lambda: store.consumption.expect(who, [Expectation("family-2", COMING, 9)]),
            None,
        ),
        "consumption.forget": (lambda: store.consumption.forget(who, "coming", 9), None),
        "settings.read": (lambda: store.settings.read(who), BillingSettings()),
        "settings.put": (
            lambda: store.settings.put(who, BillingSettings(), actor=STAMP.actor, at=NOW, request_id=""),
            BillingSettings(1),
        ),
        "payments.of_family": (lambda: store.payments.of_family(who, FAMILY), []),
        "payments.get": (lambda: store.payments.get(who, FAMILY, "payment-2"), None),
        "payments.of_attempt": (lambda: store.payments.of_attempt(who, "payment-2"), None),
        **calls_for_credit_notes(store.credit_notes, who),
        **calls_for_settlements(store.settlements, who),
        **calls_for_attempts(store.attempts, who),
        **calls_for_looks(store.looks, who),
        **calls_for_quarantines(store.quarantines, who),
        **calls_for_what_is_set_up(store, who),
    }


def calls_for_credit_notes(credit_notes, who):
    cancelled = CreditReason.CANCELLED
    return {
        "credit_notes.charges": (lambda: credit_notes.charges(who, ["older"]), {}),
        "credit_notes.free": (lambda: credit_notes.free(who, FAMILY), []),
        "credit_notes.of_other_files": (
            lambda: credit_notes.of_other_files(who, "family-2", [CreditUse(credit_note_id_of("old"), 1)]),
            {},
        ),
        "credit_notes.of_bookings": (lambda: credit_notes.of_bookings(who, FAMILY, ["old"]), []),
        "credit_notes.get": (
            lambda: credit_notes.get(who, FAMILY, credit_note_id_of("old")),
            None,
        ),
        "credit_notes.history": (lambda: credit_notes.history(who, FAMILY), []),
        "credit_notes.credit": (lambda: credit_notes.credit(who, "older", cancelled, STAMP), False),
        "credit_notes.take_over": (
            lambda: credit_notes.take_over(who, [charge("older", 1, family="f")], STAMP),
            True,
        ),
    }


def calls_for_settlements(settlements, who):
    return {
        "settlements.get": (lambda: settlements.get(who, "settlement-1"), None),
        "settlements.due_of": (lambda: settlements.due_of(who, FAMILY, NOW), []),
        "settlements.id_of_booking": (lambda: settlements.id_of_booking(who, "settlement-1-1"), None),
        "settlements.look_again": (lambda: settlements.look_again(who, "settlement-1", LATE), None),
        "settlements.withdraw": (lambda: settlements.withdraw(who, "settlement-1-1", STAMP), False),
        "settlements.settle": (
            lambda: settlements.settle(who, order(held(1, 7), family="f", content="other"), STAMP).family_id,
            "f",
        ),
    }


def calls_for_attempts(attempts, who):
    attempt = attempts.get(SCOPE, "payment-1")
    lost = (LookupError,)
    return {
        "attempts.begin": (
            lambda: attempts.begin(who, ask("new", settlement="settlement-2"), STAMP),
            "not_found",
        ),
        "attempts.redirect": (lambda: attempts.redirect(who, attempt, ("x", "y"), NOW), attempt),
        "attempts.get": (lambda: attempts.get(who, "payment-1"), None),
        "attempts.found": (lambda: attempts.found(who, "payment-1", found(attempt), MINUTE, STAMP), lost),
        "attempts.expire": (lambda: attempts.expire(who, "payment-1"), None),
        "attempts.release": (lambda: attempts.release(who, "settlement-2", stamp(LATE)), False),
    }


def calls_for_looks(looks, who):
    reference = "at-provider-payment-1"
    return {
        "looks.hint": (lambda: looks.hint(who.organisation_id, reference, NOW), None),
        "looks.claim": (lambda: looks.claim(who, "payment-1", NOW), False),
        "looks.postpone": (lambda: looks.postpone(who, "payment-1", None), None),
    }


def calls_for_quarantines(quarantines, who):
    return {
        "quarantines.waiting": (lambda: quarantines.waiting(who), []),
        "quarantines.of_family": (lambda: quarantines.of_family(who, FAMILY), []),
        "quarantines.resolve": (
            lambda: quarantines.resolve(who, "payment-3", CREDITED, STAMP),
            "not_found",
        ),
    }


def calls_for_what_is_set_up(store, who):
    return {
        "offices.all": (lambda: store.offices.all(who), []),
        "offices.put": (lambda: store.offices.put(who, LEISURE), None),
        "wallets.all": (lambda: store.wallets.all(who), []),
        "wallets.put": (lambda: store.wallets.put(who, WALLET), None),
        "wallets.rename_office": (lambda: store.wallets.rename_office(who, LEISURE), None),
        "tariffs.of": (lambda: store.tariffs.of(who, ["dance"]), []),
        "tariffs.current": (lambda: store.tariffs.current(who, NOW.date()), []),
        "tariffs.put": (lambda: store.tariffs.put(who, tariff(1)), None),
        "copies.time_zone": (lambda: store.copies.time_zone(who), "Europe/Paris"),
        "copies.issuer": (lambda: store.copies.issuer(who), Issuer()),
        "copies.family": (lambda: store.copies.family(who, FAMILY), Family()),
        "copies.keep_family": (lambda: store.copies.keep_family(who, FAMILY, Family("X"), 9), None),
        "copies.keep_organisation": (
            lambda: store.copies.keep_organisation(who, "x", "Europe/Paris", 9),
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
    assert set(asked) | FOR_ALL | WITHIN == methods(lived_in)
    for name, (call, nothing) in asked.items():
        if isinstance(nothing, tuple) and nothing and isinstance(nothing[0], type):
            with pytest.raises(nothing):
                call()
        else:
            assert call() == nothing, name
    assert contents(lived_in) == before


def test_no_query_reads_a_whole_collection(lived_in):
    database = lived_in.database
    database.command("profile", 2)
    for call, _ in [*calls(lived_in, SCOPE).values(), *calls(lived_in, OF_BOTH).values()]:
        try:
            call()
        except (Refused, LookupError):
            continue
    lived_in.settlements.overdue(LATE)
    lived_in.looks.to_look_up(LATE)
    lived_in.quarantines.read_gauges(LATE)
    lived_in.looks.read_gauges(LATE)
    lived_in.looks.hint(None, "at-provider-payment-1", NOW)
    database.command("profile", 0)
    scans = [
        (each["ns"], each.get("command"))
        for each in database["system.profile"].find({"planSummary": {"$regex": "COLLSCAN"}})
        if not each["ns"].endswith("system.profile")
    ]
    assert scans == []


def test_a_later_word_is_not_overwritten_by_an_earlier_one(store):
    store.copies.keep_family(SCOPE, FAMILY, ROY, 5)
    store.copies.keep_family(SCOPE, FAMILY, Family("Old"), 4)
    assert store.copies.family(SCOPE, FAMILY) == ROY
    store.consumption.forget(SCOPE, "coming", 5)
    for told_again in (4, 5):
        store.consumption.expect(SCOPE, [Expectation(FAMILY, COMING, told_again)])
    assert store.consumption.to_come(SCOPE, FAMILY, date(2026, 1, 1), date(2027, 1, 1)) == []


def test_what_is_kept_reads_back_as_it_was(lived_in):
    assert lived_in.quotes.get(SCOPE, "quote-1") == QUOTE
    assert lived_in.consumption.to_come(SCOPE, FAMILY, COMING.day, COMING.day) == [COMING]
    settlement = lived_in.settlements.get(SCOPE, "settlement-1")
    assert settlement.parts[0].held_until == HELD_UNTIL
    payment = lived_in.payments.of_attempt(SCOPE, "payment-2")
    assert lived_in.payments.get(SCOPE, FAMILY, payment.id) == payment
    assert lived_in.copies.issuer(SCOPE).lines == ("12 place du Marché",)
    assert lived_in.credit_notes.get(SCOPE, FAMILY, credit_note_id_of("old")).amount_cents == 200
    assert payment.receipt_number == "R-LOISIRS-2026-000001"
    assert payment.allocations == (Allocation("settlement-2", 500),)


def test_the_page_counts_what_is_open_and_what_waits_for_a_cashier(lived_in):
    """Of three payments one is open, one was paid, and one was said to be of another amount."""
    readings = [*lived_in.looks.read_gauges(NOW), *lived_in.quarantines.read_gauges(NOW)]
    assert {reading.gauge.name: reading.value for reading in readings} == {
        "marelle_payments_open": 1,
        "marelle_quarantined_payments": 1,
    }
