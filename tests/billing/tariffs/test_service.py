"""Prices as families see them, on a real broker and database."""

from billing.tariffs.contract import PriceList
from tests.billing.town import SCOPE, tariff


def test_a_family_sees_what_every_activity_costs_now_and_later_but_not_what_it_did(billing):
    for each in (tariff(450, "2026-01-01", "2026-08-31"), tariff(550, "2099-01-01")):
        billing.store.tariffs.put(SCOPE, each)
    shown = billing.ana("list_prices")
    assert PriceList().validate(shown) == {}
    dance = [row["price_cents"] for row in shown["data"] if row["activity_id"] == "dance"]
    assert 550 in dance
    assert 450 not in dance
