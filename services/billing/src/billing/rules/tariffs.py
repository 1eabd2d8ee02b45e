"""What a day costs, and why: the tariff version that is valid on the service day."""

from collections.abc import Iterable, Sequence
from datetime import date

from billing.model import AskedLine, ChargingMode, Mode, NoPrice, Price, QuoteLine, Tariff, Wallet

_MODE_OF = {
    ChargingMode.PREPAID: Mode.PREPAID,
    ChargingMode.WALLET: Mode.CONSUMPTION,
    ChargingMode.INVOICED: Mode.INVOICED,
}


def tariff_on(tariffs: Iterable[Tariff], activity_id: str, day: date) -> Tariff | None:
    """Find the version of a tariff for a service day; of several the one that began last."""
    valid = [
        tariff
        for tariff in tariffs
        if tariff.activity_id == activity_id
        and tariff.valid_from <= day
        and (tariff.valid_to is None or day <= tariff.valid_to)
    ]
    return max(valid, key=lambda tariff: tariff.valid_from, default=None)


def price_of(tariffs: Iterable[Tariff], activity_id: str, day: date) -> Price | None:
    """Price one service day with the steps that led there; None when no tariff is valid."""
    tariff = tariff_on(tariffs, activity_id, day)
    if tariff is None:
        return None
    step = {
        "step": "flat",
        "valid_from": tariff.valid_from.isoformat(),
        "valid_to": tariff.valid_to.isoformat() if tariff.valid_to else None,
        "price_cents": tariff.price_cents,
    }
    return Price(tariff.price_cents, (step,))


def wallet_for(wallets: Iterable[Wallet], activity_group: str, charging_mode: ChargingMode) -> Wallet | None:
    """Find the wallet that a group of activities is charged to.

    The one of the same mode, else any of the group.
    """
    of_group = sorted(
        (w for w in wallets if w.activity_group == activity_group), key=lambda wallet: wallet.id
    )
    same_mode = [wallet for wallet in of_group if wallet.mode is _MODE_OF.get(charging_mode)]
    return next(iter(same_mode or of_group), None)


def price_line(asked: AskedLine, tariffs: Sequence[Tariff], wallets: Sequence[Wallet]) -> QuoteLine | NoPrice:
    """Price one line of a basket, or say which line lacks a tariff or a wallet."""
    if asked.charging_mode is ChargingMode.FREE:
        return _priced(asked, Price(0, ({"step": "free", "price_cents": 0},)), None)
    price = price_of(tariffs, asked.activity_id, asked.day)
    if price is None:
        return _unpriced(asked, "no_tariff")
    wallet = wallet_for(wallets, asked.activity_group, asked.charging_mode)
    if wallet is None:
        return _unpriced(asked, "no_wallet")
    return _priced(asked, price, wallet)


def _priced(asked: AskedLine, price: Price, wallet: Wallet | None) -> QuoteLine:
    return QuoteLine(
        line=asked.line,
        booking_id=asked.booking_id,
        activity_id=asked.activity_id,
        day=asked.day,
        charging_mode=asked.charging_mode,
        price_cents=price.cents,
        office=wallet.office if wallet else None,
        wallet_id=wallet.id if wallet else None,
        trace=price.trace,
        charged=asked.charged,
    )


def _unpriced(asked: AskedLine, code: str) -> NoPrice:
    return NoPrice(code, asked.line, asked.activity_id, asked.activity_group, asked.day)
