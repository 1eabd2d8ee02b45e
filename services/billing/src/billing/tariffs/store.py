"""Tariffs as documents."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from billing.tariffs.model import Tariff


def tariff_from(found: Mapping[str, Any]) -> Tariff:
    """Read one version of a tariff."""
    valid_to = found["valid_to"]
    return Tariff(
        activity_id=found["activity_id"],
        price_cents=found["price_cents"],
        valid_from=date.fromisoformat(found["valid_from"]),
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
    )
