"""The doors of billing. Each loads, fetches, decides, keeps and answers; what it decides by is in rules."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema

from billing.attempts import contract as attempts_contract
from billing.attempts import render as attempts_render
from billing.attempts.contract import (
    GetPaymentRequest,
    PaymentReply,
    RecordedPayment,
    RecordPaymentRequest,
    StartPaymentReply,
    StartPaymentRequest,
)
from billing.attempts.doors import Paying
from billing.attempts.model import Payment, PaymentAsk
from billing.attempts.rules import may_still_be_paid
from billing.balance import contract as balance_contract
from billing.balance import render as balance_render
from billing.balance.contract import ListWalletsRequest, WalletList
from billing.balance.rules import coming_by_wallet, pending_by_wallet, wallet_lines, wallet_totals
from billing.commands.store import Store
from billing.consumption.doors import expectation_of
from billing.credit_notes import contract as credit_notes_contract
from billing.credit_notes import render as credit_notes_render
from billing.credit_notes.contract import CreditNoteIssued, CreditNoteList
from billing.credit_notes.model import CreditReason
from billing.offices import contract as offices_contract
from billing.offices.contract import Nothing
from billing.payments import contract as payments_contract
from billing.payments import render as payments_render
from billing.payments.contract import PaymentList
from billing.ports.booking import BookingFact
from billing.ports.family import FamilyFact
from billing.ports.identity import OrganisationFact
from billing.ports.provider import Provider
from billing.ports.provider_desk import ProviderDesk
from billing.ports.simulator import Simulator
from billing.quotes import contract as quotes_contract
from billing.quotes import render as quotes_render
from billing.quotes.contract import Quote, QuoteRequest
from billing.quotes.rules import credit_expected, quote
from billing.settings import Settings
from billing.settlements import contract as settlements_contract
from billing.settlements import render as settlements_render
from billing.settlements.contract import (
    PaymentAsked,
    PaymentSettled,
    Settled,
    SettlementDueList,
    SettleRequest,
)
from billing.settlements.doors import family_of, order_of, priced, promotion_of
from billing.settlements.rules.settling import payable_parts
from chassis.doors.events import on_event, on_events
from chassis.doors.providers import ClockProvider
from chassis.doors.rpc import rpc
from chassis.doors.timers import every
from chassis.running.failpoints import failpoint
from chassis.storage.mongo import Mongo
from chassis.storage.outbox import EventType, Relay, Rows
from chassis.values.clock import Clock
from chassis.values.context import Context
from chassis.values.errors import Refused
from chassis.values.event import Event
from chassis.values.ids import derived_id

EVENTS: dict[str, EventType] = {
    "payment_settled": EventType(schema=PaymentSettled(), subscribers=("booking", "notify")),
    "credit_note_issued": EventType(schema=CreditNoteIssued(), subscribers=("notify",)),
    "payment_asked": EventType(schema=PaymentAsked(), subscribers=("notify",)),
}
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
    relay = Relay(events=EVENTS, sources=[Rows("outbox")])
    clock: Clock = ClockProvider()
    provider: Provider = ProviderDesk(_simulator)

    # ------------------------------------------------------------ prices and orders

    @rpc(
        accepts={"booking": {"service"}},
        request=quotes_contract.QuoteRequest(),
        reply=quotes_contract.Quote(),
    )
    def quote(self, context: Context, request: Request) -> Reply:
        """Freeze the prices of a basket. Refused: no_tariff, no_wallet, naming the lines."""
        family_id = family_of(context, request)
        lines = priced(self.store, context, quotes_render.asked_lines(request["bookings"]))
        cancelled = request["cancellations"]
        charges = self.store.settlements.charges(context, [each["booking_id"] for each in cancelled])
        given_back = [
            credit_expected(each["line"], each["booking_id"], charges.get(each["booking_id"]), family_id)
            for each in cancelled
        ]
        made = quote(
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
        return quotes_render.quote(kept)

    @rpc(
        accepts={"booking": {"service"}},
        request=settlements_contract.SettleRequest(),
        reply=settlements_contract.Settled(),
    )
    def settle(self, context: Context, request: Request) -> Reply:
        """Settle an order once: cancellations become avoirs, avoirs pay, the rest is due.

        Refused: not_found (the quote), conflict (another order under this id).
        """
        order = order_of(self.store, context, request)
        failpoint("billing.settle.before_commit")
        settlement = self.store.settlements.settle(context, order, self.clock.now())
        failpoint("billing.settle.after_commit")
        self.relay.wake()
        return settlement.answer

    # ------------------------------------------------------------ payments

    @rpc(
        accepts={"gateway": {"person"}},
        request=attempts_contract.StartPaymentRequest(),
        reply=attempts_contract.StartPaymentReply(),
    )
    def start_payment(self, context: Context, request: Request) -> Reply:
        """Open a payment page for what is due; the same key gives the same payment.

        Refused: nothing_due, hold_expired, email_missing, idempotency_mismatch, provider_unavailable,
        not_found.
        """
        family_id = family_of(context, request)
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
        return attempts_render.started(self._paying().with_page(context, begun, email, request["return_url"]))

    @rpc(
        accepts={"gateway": {"anonymous"}},
        request=attempts_contract.RecordPaymentRequest(),
        reply=attempts_contract.RecordedPayment(),
    )
    def record_payment(self, context: Context, request: Request) -> Reply:
        """Take a provider's hint: ask the provider what became of the payment. Refused: not_found."""
        hinted = self.store.payments.hinted(request["provider_reference"])
        if hinted is None or context.organisation_id not in (None, hinted[0]):
            raise Refused("not_found", "no payment is called so")
        payment = self._looked_up(*hinted)
        return {"payment_id": payment.id, "state": payment.state.value}

    @rpc(
        accepts={"gateway": {"person"}},
        request=attempts_contract.GetPaymentRequest(),
        reply=attempts_contract.PaymentReply(),
    )
    def get_payment(self, context: Context, request: Request) -> Reply:
        """Tell where a payment stands, asking the provider while it is undecided. Refused: not_found."""
        payment = self.store.payments.get(context, request["payment_id"])
        if payment is None or payment.family_id != context.family_id or context.organisation_id is None:
            raise Refused("not_found", "no payment is called so")
        if may_still_be_paid(payment, self.clock.now()):
            payment = self._looked_up(context.organisation_id, payment)
        return attempts_render.payment_reply(payment)

    @rpc(
        accepts={"gateway": {"person"}},
        request=offices_contract.Nothing(),
        reply=payments_contract.PaymentList(),
    )
    def list_payments(self, context: Context, request: Request) -> Reply:
        """List the family's payments, the latest first."""
        return payments_render.payments(self.store.payments.paid_of(context, family_of(context, request)))

    @every(seconds=1.0)
    def look_up_payments(self) -> None:
        """Ask about payments that nobody told the end of."""
        for organisation_id, payment in self.store.payments.to_look_up(self.clock.now()):
            self._looked_up(organisation_id, payment)

    # ------------------------------------------------------------ balance

    @rpc(
        accepts={"gateway": {"person"}},
        request=balance_contract.ListWalletsRequest(),
        reply=balance_contract.WalletList(),
    )
    def list_wallets(self, context: Context, request: Request) -> Reply:
        """Show balances, the cost of the days to come up to `until_on`, and free avoirs."""
        family_id, now = family_of(context, request), self.clock.now()
        today = now.astimezone(ZoneInfo(self.store.configuration.time_zone(context))).date()
        until_on = request["until_on"] or today + ESTIMATED_AHEAD
        known = self.store.configuration.wallets(context)
        balances = self.store.wallets.balances(context, family_id)
        to_come = self.store.wallets.to_come(context, family_id, today, until_on)
        prices = self.store.configuration.tariffs(context, [each.activity_id for each in to_come])
        due = [
            part
            for settlement in self.store.settlements.due_of(context, family_id, now)
            for part in payable_parts(settlement, now)
        ]
        lines = wallet_lines(
            known,
            balances=balances,
            coming=coming_by_wallet(to_come, prices, known),
            pending=pending_by_wallet(due) if request["pending"] else {},
        )
        notes = self.store.settlements.free_notes(context, family_id)
        return balance_render.wallets(lines, wallet_totals(lines, due), notes)

    @rpc(
        accepts={"gateway": {"person"}},
        request=offices_contract.Nothing(),
        reply=credit_notes_contract.CreditNoteList(),
    )
    def list_credit_notes(self, context: Context, request: Request) -> Reply:
        """List the family's credit notes, the latest first."""
        return credit_notes_render.credit_notes(
            self.store.payments.notes_of(context, family_of(context, request))
        )

    @rpc(
        accepts={"gateway": {"person"}},
        request=offices_contract.Nothing(),
        reply=settlements_contract.SettlementDueList(),
    )
    def list_settlements_due(self, context: Context, request: Request) -> Reply:
        """List what waits for the family to be paid."""
        now = self.clock.now()
        due = self.store.settlements.due_of(context, family_of(context, request), now)
        return settlements_render.settlements_due(due, now)

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
        coming = [expectation_of(fact, sequence) for fact, sequence in facts if fact.charged_later]
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
        order = promotion_of(self.store, context, fact, fact.held_until)
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


VERSION = 1
RPCS: dict[str, tuple[Schema, Schema]] = {
    "quote": (QuoteRequest(), Quote()),
    "settle": (SettleRequest(), Settled()),
    "start_payment": (StartPaymentRequest(), StartPaymentReply()),
    "record_payment": (RecordPaymentRequest(), RecordedPayment()),
    "get_payment": (GetPaymentRequest(), PaymentReply()),
    "list_wallets": (ListWalletsRequest(), WalletList()),
    "list_payments": (Nothing(), PaymentList()),
    "list_credit_notes": (Nothing(), CreditNoteList()),
    "list_settlements_due": (Nothing(), SettlementDueList()),
}
REFUSALS = (
    "malformed",
    "forbidden",
    "not_found",
    "conflict",
    "no_tariff",
    "no_wallet",
    "nothing_due",
    "hold_expired",
    "idempotency_mismatch",
    "email_missing",
    "provider_unavailable",
)
