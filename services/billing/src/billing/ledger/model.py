"""Accounts and journal entries: money as it is written down, in integer cents."""

from dataclasses import dataclass, field
from enum import StrEnum


class AccountKind(StrEnum):
    """What an account counts.

    `wallet`: money of a family for one group of activities; `credit`: credit notes not yet used; `held`:
    credit notes reserved for an order that waits to be paid; `receivable`: what the family still owes on
    invoices (negative: owed). `bank` and `revenue` belong to the cash office and are only ever summed up from
    the journal.
    """

    WALLET = "wallet"
    CREDIT = "credit"
    HELD = "held"
    RECEIVABLE = "receivable"
    BANK = "bank"
    REVENUE = "revenue"


SYSTEM_KINDS = frozenset({AccountKind.BANK, AccountKind.REVENUE})


@dataclass(frozen=True, slots=True, order=True)
class LedgerAccount:
    """One account; `family_id` is empty for system accounts, `wallet_id` for those of a whole cash office."""

    kind: AccountKind
    cash_office_id: str
    family_id: str = ""
    wallet_id: str = ""

    @property
    def name(self) -> str:
        """The name inside the organisation, for example `credit:<cash office>:<family>`."""
        parts = (self.kind.value, self.cash_office_id, self.family_id, self.wallet_id)
        return ":".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: cents that come to an account, or leave it when negative."""

    account: LedgerAccount
    cents: int


class EntryKind(StrEnum):
    """Why money moved."""

    RESERVE = "reserve"  # credit notes set aside for an order that is due
    SETTLE = "settle"  # credit notes that covered the whole order
    PAYMENT = "payment"  # money that came in through the provider
    RELEASE = "release"  # credit notes given back, because nobody can pay the order any more
    WITHDRAW = "withdraw"  # a line that left an order before it was paid
    TAKEOVER = "takeover"  # paid before this program kept the books
    CARRIED = "carried"  # what a wallet was debited or topped up before that
    CREDIT_NOTE = "credit_note"  # a paid line given back as a credit note


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An immutable journal entry; its id is chosen by what caused it, so that a cause is booked once.

    `about` says what it was for (ids of settlement, payment, booking). `uses` are the credit notes it took
    (positive) or gave back (negative), in the order in which it did.
    """

    id: str
    kind: EntryKind
    family_id: str
    cash_office_id: str
    legs: tuple[Leg, ...]
    about: dict[str, str] = field(default_factory=dict)
    uses: tuple[tuple[str, int], ...] = ()
