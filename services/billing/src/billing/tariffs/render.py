"""Prices as replies."""

from collections.abc import Iterable

from billing.tariffs.model import Tariff
from billing.vocabulary import Reply


def price_list(tariffs: Iterable[Tariff]) -> Reply:
    """Return the prices of activities."""
    return {
        "data": [
            {
                "activity_id": tariff.activity_id,
                "price_cents": tariff.price_cents,
                "valid_from": tariff.valid_from.isoformat(),
                "valid_to": tariff.valid_to.isoformat() if tariff.valid_to else None,
            }
            for tariff in tariffs
        ]
    }
