"""What a day costs, and why: the tariff version that is valid on the service day."""

from collections.abc import Iterable
from datetime import date

from billing.tariffs.model import Price, Tariff


def tariff_on(tariffs: Iterable[Tariff], activity_id: str, day: date) -> Tariff | None:
    """Return the version of a tariff for a service day; of several the one that began last."""
    valid = [
        tariff
        for tariff in tariffs
        if tariff.activity_id == activity_id
        and tariff.valid_from <= day
        and (tariff.valid_to is None or day <= tariff.valid_to)
    ]
    return max(valid, key=lambda tariff: tariff.valid_from, default=None)


def price_of(tariffs: Iterable[Tariff], activity_id: str, day: date) -> Price | None:
    """Return the price of one service day with the steps that led there; None when no tariff is valid."""
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


def overlaps(tariff: Tariff, others: Iterable[Tariff]) -> bool:
    """Tell whether another version of the same activity's tariff is valid on a day of this one.

    A version that begins on the same day is the one that this one replaces.
    """
    return any(
        each.activity_id == tariff.activity_id
        and each.valid_from != tariff.valid_from
        and (tariff.valid_to is None or each.valid_from <= tariff.valid_to)
        and (each.valid_to is None or each.valid_to >= tariff.valid_from)
        for each in others
    )
