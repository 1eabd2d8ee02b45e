"""Wallets as documents."""

from collections.abc import Mapping
from typing import Any

from billing.offices.store import office_from
from billing.wallets.model import Mode, Wallet


def wallet_from(found: Mapping[str, Any]) -> Wallet:
    """Read a wallet of the organisation's set-up."""
    return Wallet(
        id=found["id"],
        name=found["name"],
        activity_group=found["activity_group"],
        office=office_from(found["office"]),
        mode=Mode(found["mode"]),
        floor_cents=found["floor_cents"],
    )
