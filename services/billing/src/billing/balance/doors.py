"""Looking at the balance page."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from billing.balance import contract, render, rules
from billing.balance.contract import ListWallets
from billing.consumption.store import ConsumptionStore
from billing.copies.store import CopiesStore
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.store.journal import LedgerStore
from billing.offices.store import BillingSettingsStore
from billing.ports import Call
from billing.settlements.rules.settling import payable_parts
from billing.settlements.store import SettlementsStore
from billing.tariffs.store import TariffsStore
from billing.vocabulary import Reply
from billing.wallets.store import WalletsStore
from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc


@rpc(own_family(), request=contract.ListWalletsRequest(), reply=contract.WalletList())
def list_wallets(call: Call, request: ListWallets) -> Reply:
    """Show balances, the cost of the days to come up to `until_on`, and free credit notes."""
    scope, family_id, now = call.scope, call.family_id, call.now()
    today = now.astimezone(ZoneInfo(call.store(CopiesStore).time_zone(scope))).date()
    ahead = timedelta(days=call.store(BillingSettingsStore).read(scope).estimated_days)
    until_on = request.until_on or today + ahead
    wallets = call.store(WalletsStore).all(scope)
    to_come = call.store(ConsumptionStore).to_come(scope, family_id, today, until_on)
    tariffs = call.store(TariffsStore).of(scope, [each.activity_id for each in to_come])
    settlements = call.store(SettlementsStore).due_of(scope, family_id, now)
    due = [part for settlement in settlements for part in payable_parts(settlement, now)]
    lines = rules.wallet_lines(
        wallets,
        balances=call.store(LedgerStore).balances(scope, family_id),
        coming=rules.coming_by_wallet(to_come, tariffs, wallets),
        pending=rules.pending_by_wallet(due) if request.pending else {},
    )
    notes = call.store(CreditNotesStore).free(scope, family_id)
    return render.wallets(lines, rules.wallet_totals(lines, due, pending_counted=request.pending), notes)
