"""What makes an entry good, what it does to the accounts that are stored, and how these are called."""

import hashlib
import json
from collections.abc import Iterable

from billing.ledger.model import SYSTEM_KINDS, AccountKind, JournalEntry, LedgerAccount, Leg
from billing.offices.model import CashOffice


def credit_of(family_id: str, office: CashOffice) -> LedgerAccount:
    """Return the account of a family's free credit notes at one cash office."""
    return LedgerAccount(AccountKind.CREDIT, office.id, family_id)


def held_of(family_id: str, office: CashOffice) -> LedgerAccount:
    """Return the account of a family's reserved credit notes at one cash office."""
    return LedgerAccount(AccountKind.HELD, office.id, family_id)


def revenue_of(office: CashOffice) -> LedgerAccount:
    """Return the account of what the cash office earned."""
    return LedgerAccount(AccountKind.REVENUE, office.id)


def bank_of(office: CashOffice) -> LedgerAccount:
    """Return the account of the money outside; it falls when money comes in."""
    return LedgerAccount(AccountKind.BANK, office.id)


FLOORS_CENTS = {AccountKind.WALLET: 0, AccountKind.CREDIT: 0, AccountKind.HELD: 0}
"""Below these an account of a family never falls; a wallet may be given another floor of its own."""


def balanced(entry: JournalEntry) -> bool:
    """Tell whether an entry sums to zero and stays inside its cash office."""
    inside = all(leg.account.cash_office_id == entry.cash_office_id for leg in entry.legs)
    return bool(entry.legs) and inside and sum(leg.cents for leg in entry.legs) == 0


def stored_moves(legs: Iterable[Leg]) -> list[tuple[LedgerAccount, int]]:
    """Return the sum of the legs per stored account, in one order for all: two transactions never deadlock.

    Bank and revenue are left out: everybody's entries would meet there.
    """
    sums: dict[LedgerAccount, int] = {}
    for leg in legs:
        if leg.account.kind not in SYSTEM_KINDS:
            sums[leg.account] = sums.get(leg.account, 0) + leg.cents
    return sorted((account, cents) for account, cents in sums.items() if cents)


def content_sha256(entry: JournalEntry) -> str:
    """Return the hash of what an entry says, by which the same id with another content is found out."""
    content = [
        entry.kind,
        entry.family_id,
        entry.cash_office_id,
        [[leg.account.name, leg.cents] for leg in entry.legs],
        sorted(entry.about.items()),
        entry.uses,
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
