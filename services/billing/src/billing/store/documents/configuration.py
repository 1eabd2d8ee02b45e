"""Cash offices, wallets and tariffs as documents."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from billing.model import CashOffice, Mode, Tariff, Wallet

Document = dict[str, Any]


def office_document(office: CashOffice) -> Document:
    """Write a cash office into the document of what belongs to it."""
    return {"id": office.id, "reference": office.reference, "name": office.name}


def office_from(found: Mapping[str, Any]) -> CashOffice:
    """Read an embedded cash office."""
    return CashOffice(found["id"], found["reference"], found["name"])


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


def tariff_from(found: Mapping[str, Any]) -> Tariff:
    """Read one version of a tariff."""
    valid_to = found["valid_to"]
    return Tariff(
        activity_id=found["activity_id"],
        price_cents=found["price_cents"],
        valid_from=date.fromisoformat(found["valid_from"]),
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
    )
