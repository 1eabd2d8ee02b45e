"""Which wallet a group of activities is charged to, and what moved a wallet before the books began."""

from datetime import date

import pytest

from billing.ledger.rules import balanced
from billing.vocabulary import ChargingMode
from billing.wallets.model import Carried, CarriedKind, Mode, Wallet
from billing.wallets.rules import carried_over, wallet_for
from tests.billing.town import CANTEEN, SUNDRY, WALLET


def test_the_wallet_of_the_same_mode_goes_before_another_of_the_group():
    invoiced = Wallet("wallet-0", "Factures", "leisure", CANTEEN, Mode.INVOICED)
    assert wallet_for([invoiced, WALLET], "leisure", ChargingMode.PREPAID) == WALLET
    assert wallet_for([invoiced, WALLET], "leisure", ChargingMode.INVOICED) == invoiced
    assert wallet_for([SUNDRY], "care", ChargingMode.PREPAID) == SUNDRY
    assert wallet_for([SUNDRY], "leisure", ChargingMode.PREPAID) is None


@pytest.mark.parametrize(("kind", "own", "other"), [("consumed", -450, "revenue"), ("paid", 450, "bank")])
def test_what_was_consumed_lowers_a_wallet_and_what_was_paid_in_raises_it(kind, own, other):
    moved = Carried("1", "F1", date(2026, 6, 30), CarriedKind(kind), "Accueil du matin", 450)
    entry = carried_over(WALLET, moved)
    assert balanced(entry)
    cents = {leg.account.kind.value: leg.cents for leg in entry.legs}
    assert (cents["wallet"], abs(cents[other])) == (own, 450)
    assert entry.about == {"wallet_id": WALLET.id, "day": "2026-06-30", "label": "Accueil du matin"}
