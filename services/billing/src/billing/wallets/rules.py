"""Which wallet a group of activities is charged to."""

from collections.abc import Iterable

from billing.vocabulary import ChargingMode
from billing.wallets.model import Mode, Wallet

_MODE_OF = {
    ChargingMode.PREPAID: Mode.PREPAID,
    ChargingMode.WALLET: Mode.CONSUMPTION,
    ChargingMode.INVOICED: Mode.INVOICED,
}


def wallet_for(wallets: Iterable[Wallet], activity_group: str, charging_mode: ChargingMode) -> Wallet | None:
    """Return the wallet that a group of activities is charged to: of the same mode, else any of the group."""
    of_group = sorted(
        (w for w in wallets if w.activity_group == activity_group), key=lambda wallet: wallet.id
    )
    same_mode = [wallet for wallet in of_group if wallet.mode is _MODE_OF.get(charging_mode)]
    return next(iter(same_mode or of_group), None)
