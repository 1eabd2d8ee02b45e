"""The doors of billing. Each loads, fetches, decides, keeps and answers; what it decides by is in rules."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from billing import contract
from billing.contract import replies
from billing.model import CreditReason, Payment, PaymentAsk
from billing.ports import BookingFact, FamilyFact, OrganisationFact, Provider, ProviderDesk, Simulator
from billing.rules import payments, quotes, wallets
from billing.service import orders
from billing.service.paying import Paying
from billing.settings import Settings
from billing.store import Store
from chassis.doors.events import on_event, on_events
from chassis.doors.providers import ClockProvider
from chassis.doors.rpc import rpc
from chassis.doors.timers import every
from chassis.running.failpoints import failpoint
from chassis.storage.mongo import Mongo
from chassis.storage.outbox import Relay, Rows
from chassis.values.clock import Clock
from chassis.values.context import Context
from chassis.values.errors import Refused
from chassis.values.event import Event
from chassis.values.ids import derived_id

ESTIMATED_AHEAD = timedelta(days=31)
SETTINGS = Settings.from_environment()

Request = dict[str, Any]
Reply = dict[str, Any]


def _simulator() -> Provider:
    return Simulator(SETTINGS.provider_url, SETTINGS.connect_s, SETTINGS.read_s)


class Billing:
    """Prices, wallets, avoirs, payments."""

    name = "billing"

    store: Store = Mongo(Store)
    relay = Relay(events=contract.EVENTS, sources=[Rows("outbox")])
    clock: Clock = ClockProvider()
    provider: Provider = ProviderDesk(_simulator)

    # ------------------------------------------------------------ prices and orders

    @rpc(accepts={"booking": {"service"}}, request=contract.QuoteRequest(), reply=contract.Quote())
    def quote(self, context: Context, request: Request) -> Reply:
        """Freeze the prices of a basket. Refused: no_tariff, no_wallet, naming the lines."""
        family_id = orders.family_of(context, request)
        lines = orders.priced(self.store, context, replies.asked_lines(request["bookings"]))
        cancelled = request["cancellations"]
        charges = self.store.settlements.charges(context, [each["booking_id"] for each in cancelled])
        given_back = [
            quotes.credit_expected(
                each["line"], each["booking_id"], charges.get(each["booking_id"]), family_id
            )
            for each in cancelled
        ]
        made = quotes.quote(
            quote_id=request["quote_id"],
            family_id=family_id,
            lines=lines,
            given_back=given_back,
            notes=self.store.settlements.free_notes(context, family_id),
            now=self.clock.now(),
        )
        failpoint("billing.quote.before_write")
        kept = self.store.quotes.keep(context, made)
        failpoint("billing.quote.after_write")
        if kept.family_id != family_id:
            raise Refused("conflict", "the quote's id is taken")
        return replies.quote(kept)

    @rpc(accepts={"booking": {"service"}}, request=contract.SettleRequest(), reply=contract.Settled())
    def settle(self, context: Context, request: Request) -> Reply:
        """Settle an order once: cancellations become avoirs, avoirs pay, the rest is due.

        Refused: not_found (the quote), conflict (another order under this id).
        """
        order = orders.order_of(self.store, context, request)
        failpoint("billing.settle.before_commit")
        settlement = self.store.settlements.settle(context, order, self.clock.now())
        failpoint("billing.settle.after_commit")
        self.relay.wake()
        return settlement.answer

    # ------------------------------------------------------------ payments

    @rpc(
        accepts={"gateway": {"person"}},
        request=contract.StartPaymentRequest(),
        reply=contract.StartPaymentReply(),
    )
    def start_payment(self, context: Context, request: Request) -> Reply:
        """Open a payment page for what is due; the same key gives the same payment.

        Refused: nothing_due, hold_expired, email_missing, idempotency_mismatch, provider_unavailable,
        not_found.
        """
        family_id = orders.family_of(context, request)
        email, payer = self._paying().payer(context, family_id, request.get("email"))
        payment_id = derived_id(
            context.organisation_id or "", context.account_id or "", "payment", request["key"]
        )
        ask = PaymentAsk(
            payment_id=payment_id,
            settlement_id=request["settlement_id"],
            cash_office_id=request.get("cash_office_id"),
            account_id=context.account_id or "",
            body_sha256=request["body_sha256"],
            payer=payer,
        )
        failpoint("billing.start_payment.before_commit")
        begun = self.store.payments.begin(context, ask, family_id, self.clock.now())
        failpoint("billing.start_payment.after_insert")
        if isinstance(begun, str):
            raise Refused(begun)
        return replies.started(self._paying().with_page(context, begun, email, request["return_url"]))

    @rpc(
        accepts={"gateway": {"anonymous"}},
        request=contract.RecordPaymentRequest(),
        reply=contract.RecordedPayment(),
    )
    def record_payment(self, context: Context, request: Request) -> Reply:
        """Take a provider's hint: ask the provider what became of the payment. Refused: not_found."""
        hinted = self.store.payments.hinted(request["provider_reference"])
        if hinted is None or context.organisation_id not in (None, hinted[0]):
            raise Refused("not_found", "no payment is called so")
        payment = self._looked_up(*hinted)
        return {"payment_id": payment.id, "state": payment.state.value}

    @rpc(accepts={"gateway": {"person"}}, request=contract.GetPaymentRequest(), reply=contract.PaymentReply())
    def get_payment(self, context: Context, request: Request) -> Reply:
        """Tell where a payment stands, asking the provider while it is undecided. Refused: not_found."""
        payment = self.store.payments.get(context, request["payment_id"])
        if payment is None or payment.family_id != context.family_id or context.organisation_id is None:
            raise Refused("not_found", "no payment is called so")
        if payments.may_still_be_paid(payment, self.clock.now()):
            payment = self._looked_up(context.organisation_id, payment)
        return replies.payment_reply(payment)

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=contract.PaymentList())
    def list_payments(self, context: Context, request: Request) -> Reply:
        """List the family's payments, the latest first."""
        return replies.payments(self.store.payments.paid_of(context, orders.family_of(context, request)))

    @every(seconds=1.0)
    def look_up_payments(self) -> None:
        """Ask about payments that nobody told the end of."""
        for organisation_id, payment in self.store.payments.to_look_up(self.clock.now()):
            self._looked_up(organisation_id, payment)

    # ------------------------------------------------------------ balance

    @rpc(accepts={"gateway": {"person"}}, request=contract.ListWalletsRequest(), reply=contract.WalletList())
    def list_wallets(self, context: Context, request: Request) -> Reply:
        """Show balances, the cost of the days to come up to `until_on`, and free avoirs."""
        family_id, now = orders.family_of(context, request), self.clock.now()
        today = now.astimezone(ZoneInfo(self.store.configuration.time_zone(context))).date()
        until_on = request["until_on"] or today + ESTIMATED_AHEAD
        known = self.store.configuration.wallets(context)
        balances = self.store.wallets.balances(context, family_id)
        to_come = self.store.wallets.to_come(context, family_id, today, until_on)
        prices = self.store.configuration.tariffs(context, [each.activity_id for each in to_come])
        due = [
            part
            for settlement in self.store.settlements.due_of(context, family_id, now)
            for part in replies.payable_parts(settlement, now)
        ]
        lines = wallets.wallet_lines(
            known,
            balances=balances,
            coming=wallets.coming_by_wallet(to_come, prices, known),
            pending=wallets.pending_by_wallet(due) if request["pending"] else {},
        )
        notes = self.store.settlements.free_notes(context, family_id)
        return replies.wallets(lines, wallets.wallet_totals(lines, due), notes)

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=contract.CreditNoteList())
    def list_credit_notes(self, context: Context, request: Request) -> Reply:
        """List the family's credit notes, the latest first."""
        return replies.credit_notes(self.store.payments.notes_of(context, orders.family_of(context, request)))

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=contract.SettlementDueList())
    def list_settlements_due(self, context: Context, request: Request) -> Reply:
        """List what waits for the family to be paid."""
        now = self.clock.now()
        due = self.store.settlements.due_of(context, orders.family_of(context, request), now)
        return replies.settlements_due(due, now)

    # ------------------------------------------------------------ what is heard

    @on_event("identity", "organisation_changed")
    def on_organisation_changed(self, event: Event) -> None:
        """Know the organisation's time zone."""
        fact = OrganisationFact.read(event.data)
        self.store.configuration.keep_organisation(
            fact.organisation_id, fact.slug, fact.time_zone, event.sequence
        )

    @on_event("family", "family_changed")
    def on_family_changed(self, event: Event) -> None:
        """Know a family's name and mail addresses."""
        fact = FamilyFact.read(event.data)
        self.store.configuration.keep_family(
            event.context(self.name), fact.family_id, fact.name, fact.contacts, event.sequence
        )

    @on_events("booking", "booking_accepted")
    def on_booking_accepted(self, events: list[Event]) -> None:
        """Expect bookings that will be charged later."""
        facts = [(BookingFact.read(event.data), event.sequence) for event in events]
        coming = [orders.expectation_of(fact, sequence) for fact, sequence in facts if fact.charged_later]
        self.store.wallets.expect(events[0].context(self.name), coming)

    @on_event("booking", "booking_cancelled")
    def on_booking_cancelled(self, event: Event) -> None:
        """Expect it no more; take it out of an unpaid order; give back what was paid, if it was in time."""
        fact, context, now = BookingFact.read(event.data), event.context(self.name), self.clock.now()
        if fact.charged_later:
            self.store.wallets.forget(context, fact.booking_id, event.sequence)
            return
        failpoint("billing.booking_cancelled.before_commit")
        self.store.settlements.withdraw(context, fact.booking_id, now, promoted=fact.was == "held")
        if fact.in_time:
            self.store.settlements.credit(context, fact.booking_id, CreditReason.CANCELLED, now)
        failpoint("billing.booking_cancelled.after_commit")
        self.relay.wake()

    @on_event("booking", "seat_lost")
    def on_seat_lost(self, event: Event) -> None:
        """Give back what was paid for a seat that nobody could take back."""
        failpoint("billing.seat_lost.before_commit")
        self.store.settlements.credit(
            event.context(self.name), event.data["booking_id"], CreditReason.SEAT_LOST, self.clock.now()
        )
        failpoint("billing.seat_lost.after_commit")
        self.relay.wake()

    @on_event("booking", "hold_expired")
    def on_hold_expired(self, event: Event) -> None:
        """Free reserved avoirs, unless a payment may still come."""
        self.store.settlements.release_of_booking(
            event.context(self.name), event.data["booking_id"], self.clock.now()
        )

    @on_event("booking", "seat_promoted")
    def on_seat_promoted(self, event: Event) -> None:
        """Settle a promoted seat: avoirs that cover it pay at once, else the family is asked to pay."""
        fact, context = BookingFact.read(event.data), event.context(self.name)
        if fact.to != "held" or fact.held_until is None:
            return
        order = orders.promotion_of(self.store, context, fact, fact.held_until)
        failpoint("billing.seat_promoted.before_commit")
        self.store.settlements.settle(context, order, self.clock.now())
        failpoint("billing.seat_promoted.after_commit")
        self.relay.wake()

    @every(seconds=1.0)
    def release_reservations(self) -> None:
        """Free the avoirs of orders that nobody can pay any more."""
        now = self.clock.now()
        for organisation_id, settlement_id in self.store.settlements.overdue(now):
            self.store.settlements.release(organisation_id, settlement_id, now)

    def _paying(self) -> Paying:
        return Paying(self.store, self.provider, SETTINGS)

    def _looked_up(self, organisation_id: str, payment: Payment) -> Payment:
        found = self._paying().looked_up(organisation_id, payment, self.clock.now())
        self.relay.wake()
        return found
