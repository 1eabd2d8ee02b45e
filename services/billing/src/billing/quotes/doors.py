"""Pricing a basket for booking."""

from datetime import timedelta

from billing.credit_notes.rules import charged_to
from billing.credit_notes.store import CreditNotesStore
from billing.offices.store import BillingSettingsStore
from billing.ports import Call
from billing.quotes import contract, render, rules
from billing.quotes.contract import MakeQuote
from billing.quotes.store import QuotesStore
from billing.tariffs.store import TariffsStore
from billing.vocabulary import Reply
from billing.wallets.store import WalletsStore
from chassis.doors.capabilities import from_service
from chassis.doors.rpc import rpc
from chassis.running.failpoints import failpoint
from chassis.values.errors import Refused


@rpc(from_service("booking"), request=contract.QuoteRequest(), reply=contract.Quote())
def quote(call: Call, request: MakeQuote) -> Reply:
    """Freeze the prices of a basket. Refused: no_tariff, no_wallet, naming the lines; conflict."""
    family_id = request.family_id or call.family_id
    notes = call.store(CreditNotesStore)
    tariffs = call.store(TariffsStore).of(call.scope, (line.activity_id for line in request.bookings))
    wallets = call.store(WalletsStore).all(call.scope, (line.activity_group for line in request.bookings))
    charges = charged_to(
        notes.charges(call.scope, (each.booking_id for each in request.cancellations)),
        call.scope.file_of(family_id),
    )
    lines, missing = rules.price_lines(request.bookings, tariffs, wallets)
    if missing:
        raise render.no_price(missing)
    made = rules.quote(
        quote_id=request.quote_id,
        family_id=family_id,
        lines=lines,
        given_back=[
            rules.credit_expected(each.line, each.booking_id, charges.get(each.booking_id))
            for each in request.cancellations
        ],
        notes=notes.free(call.scope, family_id),
        now=call.now(),
        promised_for=timedelta(minutes=call.store(BillingSettingsStore).read(call.scope).quote_minutes),
    )
    failpoint("billing.quote.before_write")
    kept = call.store(QuotesStore).keep(call.scope, made)
    failpoint("billing.quote.after_write")
    if kept.family_id != family_id:
        raise Refused("conflict", "the quote's id is taken")
    return render.quote(kept)
