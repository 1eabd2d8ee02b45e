"""Which wallet a group of activities is charged to, and what moved a wallet before the books began."""

from collections.abc import Iterable

from billing.ledger.model import AccountKind, EntryKind, JournalEntry, LedgerAccount, Leg
from billing.ledger.rules import bank_of, revenue_of
from billing.vocabulary import ChargingMode
from billing.wallets.model import Carried, CarriedKind, Mode, Wallet

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


def account_of(family_id: str, wallet: Wallet) -> LedgerAccount:
    """Return the account of a family's money in a wallet."""
    return LedgerAccount(AccountKind.WALLET, wallet.office.id, family_id, wallet.id)


def carried_over(wallet: Wallet, moved: Carried) -> JournalEntry:
    """Return the entry of a movement that was made elsewhere: a debit was earned, a payment came in."""
    cents = moved.amount_cents
    own = account_of(moved.family_id, wallet)
    if moved.kind is CarriedKind.CONSUMED:
        legs = (Leg(own, -cents), Leg(revenue_of(wallet.office), cents))
    else:
        legs = (Leg(bank_of(wallet.office), -cents), Leg(own, cents))
    return JournalEntry(
        id=f"{EntryKind.CARRIED}:{moved.id}",
        kind=EntryKind.CARRIED,
        family_id=moved.family_id,
        cash_office_id=wallet.office.id,
        legs=legs,
        about={"wallet_id": wallet.id, "day": moved.day.isoformat(), "label": moved.label},
    )
