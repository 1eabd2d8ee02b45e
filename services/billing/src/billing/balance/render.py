"""The balance page as a reply."""

from collections.abc import Iterable, Sequence

from billing.balance.model import WalletLine, WalletTotals
from billing.credit_notes.model import CreditNote
from billing.credit_notes.render import credit_note
from billing.vocabulary import Reply


def wallets(lines: Sequence[WalletLine], totals: WalletTotals, notes: Iterable[CreditNote]) -> Reply:
    """Return the balance page."""
    return {
        "data": [
            {
                "wallet_id": line.wallet.id,
                "name": line.wallet.name,
                "cash_office_id": line.wallet.office.id,
                "cash_office_name": line.wallet.office.name,
                "mode": line.wallet.mode.value,
                "balance_cents": line.balance_cents,
                "estimated_cost_cents": line.estimated_cost_cents,
                "estimated_balance_cents": line.estimated_balance_cents,
            }
            for line in lines
        ],
        "amount_due_cents": totals.amount_due_cents,
        "bookings_cents": totals.bookings_cents,
        "estimated_balance_cents": totals.estimated_balance_cents,
        "credits": [credit_note(note) for note in notes],
    }
