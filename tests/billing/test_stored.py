"""What is stored is read for ever: examples of every form, by the release that wrote it first."""

import pytest

import billing
from billing.attempts.model import AttemptPart, AttemptState, PaymentAttempt
from billing.attempts.store.forms import MAPPER as ATTEMPTS
from billing.commands.rules import findings
from billing.consumption.model import Expectation
from billing.consumption.store import MAPPER as CONSUMPTION
from billing.copies.model import Family
from billing.copies.store import MAPPER as COPIES
from billing.credit_notes.model import Charge, CreditNote
from billing.credit_notes.store import MAPPER as CREDIT_NOTES
from billing.offices.model import BillingSettings, CashOffice
from billing.offices.store import MAPPER as OFFICES
from billing.payments.model import Allocation, Method, Payment
from billing.payments.store import MAPPER as PAYMENTS
from billing.payments.store import add_payments, keep_by_themselves, payment_in
from billing.quotes.model import Quote
from billing.quotes.store import MAPPER as QUOTES
from billing.settlements.model import Settlement
from billing.settlements.store import MAPPER as SETTLEMENTS
from billing.tariffs.model import Tariff
from billing.tariffs.store import MAPPER as TARIFFS
from billing.wallets.model import Wallet
from billing.wallets.store import MAPPER as WALLETS
from chassis.storage.documents import Form, Mapper
from chassis.testing import stored
from chassis.testing.stored import Stored
from tests.billing.town import FAMILY, SCOPE

FOLDER = stored.folder_of(billing)
NAMED = {"_id", "organisation_id"}
ORGANISATION = {"organisation_id": "org-1"}
KINDS = (
    Stored.by(OFFICES, CashOffice, "cash_office", NAMED),
    Stored.by(WALLETS, Wallet, "wallet", NAMED),
    Stored.by(TARIFFS, Tariff, "tariff", NAMED),
    Stored.by(COPIES, Family, "family", NAMED | {"family_id", "sequence"}),
    Stored.by(QUOTES, Quote, "quote", NAMED),
    Stored.by(CREDIT_NOTES, Charge, "charge", NAMED),
    Stored.by(CREDIT_NOTES, CreditNote, "credit_note", NAMED | {"actor"}),
    Stored.by(SETTLEMENTS, Settlement, "settlement", NAMED),
    Stored.by(SETTLEMENTS, Settlement, "settlement_due", NAMED | {"release_at"}),
    Stored.by(CONSUMPTION, Expectation, "consumption", NAMED | {"state"}),
    Stored.by(ATTEMPTS, PaymentAttempt, "attempt", NAMED | {"actor"}),
    Stored.by(ATTEMPTS, PaymentAttempt, "attempt_also_asked", NAMED | {"actor", "also_asked"}),
    Stored.by(ATTEMPTS, PaymentAttempt, "attempt_paid", NAMED | {"actor", "payment_id"}),
    Stored.by(PAYMENTS, Payment, "payment", NAMED | {"actor"}),
    Stored.by(Mapper(Form(BillingSettings)), BillingSettings, "settings", {"_id"}),
    # written field by field, and read by the check of the books
    Stored("entry", dict, dict),
    Stored("account", dict, dict),
    Stored("series", dict, dict),
    Stored("organisation", dict, dict),
)


NOTHING = dict.fromkeys(
    (
        "journal",
        "accounts",
        "credit_notes",
        "charges",
        "settlements",
        "payments",
        "received",
        "series",
    ),
    (),
)


def example(place):
    return stored.loads((FOLDER / f"{place}.json").read_text(encoding="utf-8"))


def test_every_stored_document_is_read_and_the_newest_is_what_is_written():
    assert stored.faults(FOLDER, KINDS) == []


@pytest.mark.parametrize("place", ["v1/attempt_paid", "v2/attempt_paid"])
def test_an_attempt_is_read_with_its_parts_and_the_payment_that_it_ended_in(place):
    found = example(place)
    attempt, payment = ATTEMPTS.from_document(PaymentAttempt, found), payment_in(found)
    assert (attempt.state, attempt.parts) == (AttemptState.PAID, (AttemptPart("settlement-1", 400),))
    assert (payment.id, payment.amount_cents, payment.method) == ("payment-1", 400, Method.ONLINE)
    assert (payment.receipt_number, payment.reference) == ("R-CANTINE-2026-000001", "123456")
    assert payment.received_at == attempt.started_at


def test_a_payment_of_the_release_before_gets_what_the_journal_says_of_it(store):
    old = example("v1/attempt_paid")
    over = {**old, "_id": "org-1/payment-2", "id": "payment-2", "receipt_number": "R-CANTINE-2026-000002"}
    lost = {**old, "_id": "org-1/payment-3", "id": "payment-3", "receipt_number": "R-CANTINE-2026-000003"}
    other = {"provider_reference": ""}
    for each in (old, over, lost):
        store.database["payments"].insert_one({**each, **dict.fromkeys(other, each["id"])})
    entry = example("v1/entry")
    for name, given in (("payment-2", -150), ("payment-3", -400)):
        uses = [["fresh", 20], ["surplus", given]]
        store.database["journal"].insert_one({**entry, "_id": f"org-1/payment:{name}", "uses": uses})
    assert (add_payments(store.database), add_payments(store.database)) == (3, 0)
    kept = {each["id"]: payment_in(each) for each in store.database["payments"].find()}
    assert kept["payment-1"].allocations == (Allocation("settlement-1", 400),)
    assert kept["payment-2"].allocations == (Allocation("settlement-1", 250),)
    assert kept["payment-3"].allocations == ()
    assert all(isinstance(each, Payment) and each.receipt_number for each in kept.values())


def test_payments_that_stand_by_themselves_are_not_put_beside_their_attempts(store):
    store.database["payments"].insert_one(example("v3/attempt_paid"))
    assert add_payments(store.database) == 0
    assert list(store.database["payments"].find()) == [example("v3/attempt_paid")]


def test_payments_of_earlier_releases_stand_by_themselves_once_migrated_however_often(store):
    attempts, received = store.database["payments"], store.database["received"]
    old = {**example("v1/attempt_paid"), "_id": "org-1/old", "id": "old", "provider_reference": "old"}
    attempts.insert_one({**old, "receipt_number": "R-CANTINE-2026-000000"})
    attempts.insert_one(example("v2/attempt_paid"))
    attempts.insert_one({**example("v3/attempt_paid"), "_id": "org-1/new", "provider_reference": "new"})
    before = list(attempts.find())
    assert (keep_by_themselves(store.database), keep_by_themselves(store.database)) == (2, 0)
    assert {each["_id"] for each in received.find()} == {"org-1/old", "org-1/payment-1"}
    (whole,) = received.find({"_id": "org-1/payment-1"})
    assert whole == {**example("v2/attempt_paid")["payment"], "_id": "org-1/payment-1", **ORGANISATION}
    (told,) = received.find({"_id": "org-1/old"})
    assert PAYMENTS.from_document(Payment, told).allocations == (Allocation("settlement-1", 400),)
    after = list(attempts.find())
    assert [each.items() >= was.items() for each, was in zip(after, before, strict=True)] == [True] * 3
    assert all(each["payment_id"] for each in after)


def test_a_migration_that_was_killed_half_way_keeps_no_payment_twice(store):
    store.database["payments"].insert_one(example("v2/attempt_paid"))
    store.database["received"].insert_one(example("v3/payment"))
    assert keep_by_themselves(store.database) == 1
    assert list(store.database["received"].find()) == [example("v3/payment")]


def test_what_the_release_before_books_beside_the_migration_is_told_and_kept_by_the_next_run(store):
    assert keep_by_themselves(store.database) == 0
    store.database["payments"].insert_one(example("v2/attempt_paid"))
    assert [each.id for each in store.payments.of_family(SCOPE, FAMILY)] == ["payment-1"]
    assert keep_by_themselves(store.database) == 1
    assert [each.id for each in store.payments.of_family(SCOPE, FAMILY)] == ["payment-1"]


def test_the_check_of_the_books_reads_what_the_release_before_wrote():
    picture = {**NOTHING, "payments": [example("v1/attempt_paid")]}
    told = findings(picture)
    assert "payment payment-1 is booked 0 times" in told
    assert not any("allocated" in each or "attempt" in each for each in told)


def test_the_check_of_the_books_reads_what_is_written_today():
    picture = {**NOTHING, "payments": [example("v3/attempt_paid")], "received": [example("v3/payment")]}
    assert findings(picture) == ["a number was taken by no document", "payment payment-1 is booked 0 times"]
