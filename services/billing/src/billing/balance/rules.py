"""The balance page: one line per wallet, what the coming days will cost, and the totals."""

from collections.abc import Iterable, Mapping, Sequence

from billing.balance.model import WalletLine, WalletTotals
from billing.consumption.model import Consumption
from billing.ledger.model import AccountKind
from billing.settlements.model import Part
from billing.tariffs.model import Tariff
from billing.tariffs.rules import price_of
from billing.wallets.model import Mode, Wallet
from billing.wallets.rules import wallet_for


def wallet_line(
    wallet: Wallet,
    *,
    wallet_cents: int,
    receivable_cents: int,
    coming_cents: int,
    pending_cents: int,
) -> WalletLine:
    """Return the line of one wallet.

    An invoiced wallet shows what is unpaid on its invoices and always costs zero: the invoice will say it.
    For the others the days to come lower the balance; `pending_cents` are bookings that still wait for their
    payment.
    """
    if wallet.mode is Mode.INVOICED:
        return WalletLine(wallet, receivable_cents, 0, receivable_cents)
    balance = wallet_cents + receivable_cents
    cost = pending_cents + coming_cents
    return WalletLine(wallet, balance, cost, balance - cost)


def wallet_lines(
    wallets: Iterable[Wallet],
    *,
    balances: Mapping[str, Mapping[AccountKind, int]],
    coming: Mapping[str, int],
    pending: Mapping[str, int],
) -> list[WalletLine]:
    """Return a line for each of the organisation's wallets; a family that never used one has zero there."""
    return [
        wallet_line(
            wallet,
            wallet_cents=balances.get(wallet.id, {}).get(AccountKind.WALLET, 0),
            receivable_cents=balances.get(wallet.id, {}).get(AccountKind.RECEIVABLE, 0),
            coming_cents=coming.get(wallet.id, 0),
            pending_cents=pending.get(wallet.id, 0),
        )
        for wallet in wallets
    ]


def wallet_totals(lines: Sequence[WalletLine], due: Iterable[Part], *, pending_counted: bool) -> WalletTotals:
    """Return the foot of the page: what is owed now, what the bookings cost, what will be left.

    Owed are negative balances and orders that wait to be paid. What is owed lowers what will be left, once:
    orders that the lines count already, as pending bookings, are not taken off again.
    """
    owed = sum(-line.balance_cents for line in lines if line.balance_cents < 0)
    ordered = sum(part.amount_due_cents for part in due)
    left = sum(line.estimated_balance_cents for line in lines)
    return WalletTotals(
        amount_due_cents=owed + ordered,
        bookings_cents=sum(line.estimated_cost_cents for line in lines),
        estimated_balance_cents=left if pending_counted else left - ordered,
    )


def pending_by_wallet(due: Iterable[Part]) -> Mapping[str, int]:
    """Return what bookings that wait for their payment cost, by wallet."""
    sums: dict[str, int] = {}
    for part in due:
        for line in part.lines:
            sums[line.wallet_id] = sums.get(line.wallet_id, 0) + line.price_cents
    return sums


def coming_by_wallet(
    to_come: Iterable[Consumption], tariffs: Sequence[Tariff], wallets: Sequence[Wallet]
) -> Mapping[str, int]:
    """Return what days to come will cost, by wallet; without a tariff or a wallet one counts for nothing."""
    sums: dict[str, int] = {}
    for each in to_come:
        price = price_of(tariffs, each.activity_id, each.day)
        wallet = wallet_for(wallets, each.activity_group, each.charging_mode)
        if price and wallet:
            sums[wallet.id] = sums.get(wallet.id, 0) + price.cents
    return sums
