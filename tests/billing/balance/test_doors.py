"""The balance page and the histories, on fakes."""

from datetime import date

import pytest

from billing.balance.doors import list_wallets
from billing.consumption.model import Consumption, Expectation
from billing.copies import doors as copies
from billing.copies.model import Contact, Family, Payer
from billing.copies.rules import payer_of
from billing.credit_notes import doors as credit_notes
from billing.offices.model import BillingSettings
from billing.payments.doors import list_payments
from billing.payments.model import Method, Payment
from billing.settlements.rules import settling
from billing.vocabulary import ChargingMode
from chassis.values.errors import Refused
from tests.billing.house import ANA, EVE, NOBODY
from tests.billing.town import FAMILY, LEISURE, NOW, ORGANISATION, charge, held, note, order


def costs(page):
    return {line["name"]: line["estimated_cost_cents"] for line in page["data"]}


def test_the_page_has_a_line_per_wallet_with_what_waits_when_that_is_asked(fakes):
    fakes.settlements.kept["settlement-1"] = settling.settle(order(held(1, 500)), {}, [], NOW).settlement
    fakes.credit_notes.notes["a"] = note("a", 100)
    page = fakes.ask(list_wallets, ANA, {"pending": True})
    assert costs(page) == {"Loisirs": 500, "Cantine": 0, "Périscolaire": 0}
    assert (page["amount_due_cents"], [each["left_cents"] for each in page["credits"]]) == (500, [100])
    assert costs(fakes.ask(list_wallets, ANA))["Loisirs"] == 0


@pytest.mark.parametrize(
    ("asked", "cost"), [({}, 500), ({"until_on": "2026-12-31"}, 1_000), ({"until_on": "2026-11-20"}, 0)]
)
def test_days_to_come_cost_up_to_a_day_by_default_for_31_days(fakes, asked, cost):
    fakes.consumption.expected = [
        Expectation(FAMILY, Consumption(f"b-{day}", "dance", "leisure", day, ChargingMode.WALLET), 1)
        for day in (date(2026, 11, 25), date(2026, 12, 20))
    ]
    assert costs(fakes.ask(list_wallets, ANA, asked))["Loisirs"] == cost


def test_without_a_day_the_page_looks_ahead_as_far_as_the_organisation_decides(fakes):
    day = date(2026, 12, 20)
    coming = Consumption("b", "dance", "leisure", day, ChargingMode.WALLET)
    fakes.consumption.expected = [Expectation(FAMILY, coming, 1)]
    fakes.settings.decided = BillingSettings(estimated_days=34)
    assert costs(fakes.ask(list_wallets, ANA))["Loisirs"] == 500
    fakes.settings.decided = BillingSettings(estimated_days=33)
    assert costs(fakes.ask(list_wallets, ANA))["Loisirs"] == 0


def test_the_history_of_payments_is_the_family_s_own(fakes):
    fakes.payments.kept["p"] = Payment(
        "p", FAMILY, LEISURE, Method.ONLINE, 500, NOW, "Ana", receipt_number="R"
    )
    (listed,) = fakes.ask(list_payments, ANA)["data"]
    assert (listed["method"], listed["payer"], listed["amount_cents"]) == ("online", "Ana", 500)
    assert fakes.ask(list_payments, EVE)["data"] == []
    with pytest.raises(Refused, match="forbidden"):
        fakes.ask(list_payments, NOBODY)


def test_a_seat_that_was_paid_and_lost_is_given_back_once(fakes):
    fakes.credit_notes.charged["booking-1"] = charge("booking-1", 500)
    for _ in range(2):
        fakes.hear(credit_notes.on_seat_lost, {"booking_id": "booking-1"})
    (listed,) = fakes.ask(credit_notes.list_credit_notes, ANA)["data"]
    assert (listed["amount_cents"], listed["reason"]) == (500, "seat_lost")


def test_what_family_and_identity_tell_is_known(fakes):
    contacts = [{"guardian_id": "g-1", "name": "Ana Roy", "email": "ana@example.org", "phone": "unheard"}]
    fakes.hear(copies.on_family_changed, {"family_id": FAMILY, "name": "Roy", "contacts": contacts})
    assert fakes.copies.families == {FAMILY: Family("Roy", (Contact("g-1", "Ana Roy", "ana@example.org"),))}
    assert payer_of(fakes.copies.families[FAMILY], "g-1", None) == Payer("ana@example.org", "Ana Roy")
    fakes.hear(copies.on_organisation_changed, {"slug": "c", "time_zone": "Indian/Reunion"}, sequence=2)
    assert fakes.copies.zones == {ORGANISATION: ("c", "Indian/Reunion", 2)}
