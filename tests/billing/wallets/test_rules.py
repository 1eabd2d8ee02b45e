"""Which wallet a group of activities is charged to."""

from billing.vocabulary import ChargingMode
from billing.wallets.model import Mode, Wallet
from billing.wallets.rules import wallet_for
from tests.billing.town import CANTEEN, SUNDRY, WALLET


def test_the_wallet_of_the_same_mode_goes_before_another_of_the_group():
    invoiced = Wallet("wallet-0", "Factures", "leisure", CANTEEN, Mode.INVOICED)
    assert wallet_for([invoiced, WALLET], "leisure", ChargingMode.PREPAID) == WALLET
    assert wallet_for([invoiced, WALLET], "leisure", ChargingMode.INVOICED) == invoiced
    assert wallet_for([SUNDRY], "care", ChargingMode.PREPAID) == SUNDRY
    assert wallet_for([SUNDRY], "leisure", ChargingMode.PREPAID) is None
