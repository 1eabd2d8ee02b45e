"""Paying online: starting an attempt, hearing of its end, asking the provider; and credit that comes free.

No transaction is open while the provider is asked.
"""

from datetime import timedelta
from functools import partial
from math import ceil

from eventlet.greenpool import GreenPool

from billing.attempts import contract, render
from billing.attempts.contract import GetPayment, RecordPayment, ResolveQuarantine, StartPayment
from billing.attempts.model import (
    FINAL_STATES,
    AttemptAsk,
    AttemptState,
    PageOpen,
    PaymentAttempt,
    Resolution,
)
from billing.attempts.rules import life
from billing.attempts.rules.quarantine import contradicts
from billing.attempts.store.attempts import AttemptsStore
from billing.attempts.store.looks import LooksStore
from billing.attempts.store.quarantines import QuarantinesStore
from billing.copies.rules import payer_of
from billing.copies.store import CopiesStore
from billing.ledger.store.transactions import Stamp
from billing.offices.store import BillingSettingsStore
from billing.payments.store import PaymentsStore
from billing.ports import Call
from billing.ports.provider import BUSY, PaymentPage, ProviderError
from billing.settlements.contract import SettlementDueList
from billing.settlements.render import settlements_due
from billing.settlements.store import SettlementsStore
from billing.vocabulary import Reply
from chassis.doors.capabilities import anonymous, may, own_family
from chassis.doors.events import on_event
from chassis.doors.rpc import rpc
from chassis.doors.timers import every
from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.values.actor import Actor
from chassis.values.addresses import NotAnAddress, as_sent
from chassis.values.errors import Refused
from chassis.values.event import Event
from chassis.values.ids import derived_id

LOOK_UPS_AT_ONCE = 4
"""By one copy's timer: families that pay have the rest of the calls that run at once."""

_log = get_logger()


@rpc(own_family(), request=contract.StartPaymentRequest(), reply=contract.StartPaymentReply())
def start_payment(call: Call, request: StartPayment) -> Reply:
    """Open one payment page for what is due, of one order, of several or of all at a cash office.

    The same key gives the same payment.

    Refused: nothing_due, payment_being_checked, payment_page_open, hold_expired, email_missing,
    idempotency_mismatch, provider_unavailable, not_found.
    """
    family = call.store(CopiesStore).family(call.scope, call.family_id)
    payer = payer_of(family, call.context.guardian_id, request.email)
    email = _sendable(payer.email if payer else None)
    if payer is None or email is None:
        raise Refused("email_missing", "the provider needs an e-mail address")
    ask = AttemptAsk(
        attempt_id=derived_id(call.scope.organisation_id, call.account_id, "payment", request.key),
        family_id=call.family_id,
        account_id=call.account_id,
        settlement_ids=request.orders,
        cash_office_id=request.cash_office_id,
        body_sha256=request.body_sha256,
        payer=payer.name,
        page_open=timedelta(minutes=call.store(BillingSettingsStore).read(call.scope).payment_page_minutes),
    )
    failpoint("billing.start_payment.before_commit")
    begun = call.store(AttemptsStore).begin(call.scope, ask, Stamp.of(call))
    failpoint("billing.start_payment.after_insert")
    if isinstance(begun, str):
        raise Refused(begun)
    if isinstance(begun, PageOpen):
        wait = ceil((begun.until - call.now()).total_seconds())
        raise Refused("payment_page_open", "an earlier page may still be paid", retry_after_s=wait)
    return render.started(_with_page(call, begun, email, request.return_url))


@rpc(anonymous(), request=contract.RecordPaymentRequest(), reply=contract.RecordedPayment())
def record_payment(call: Call, request: RecordPayment) -> Reply:
    """Take a provider's hint: the timer will ask what became of the payment, if it is one of ours.

    Anybody may send one, so nobody is asked now, and nothing is refused.
    """
    hint = (call.context.organisation_id, request.provider_reference)
    attempt = call.store(LooksStore).hint(*hint, call.now())
    return render.hinted(attempt)


@rpc(own_family(), request=contract.GetPaymentRequest(), reply=contract.PaymentReply())
def get_payment(call: Call, request: GetPayment) -> Reply:
    """Tell where a payment stands, asking the provider while it is undecided and was not asked just now.

    Refused: not_found.
    """
    attempt = call.store(AttemptsStore).get(call.scope, request.payment_id)
    if attempt is None or attempt.family_id not in call.scope.family_ids:
        raise Refused("not_found", "no payment is called so")
    if life.may_still_be_paid(attempt, call.now()):
        attempt = _looked_up(call, call.scope.organisation_id, attempt)
    ended = attempt.state in FINAL_STATES
    payment = call.store(PaymentsStore).of_attempt(call.scope, attempt.id) if ended else None
    return render.attempt(attempt, payment, life.open_until(attempt, call.now()))


@rpc(own_family(), reply=SettlementDueList())
def list_settlements_due(call: Call, _request: object) -> Reply:
    """List what waits for the family to be paid, and what of it can't be while a payment is being checked."""
    now = call.now()
    due = call.store(SettlementsStore).due_of(call.scope, call.family_id, now)
    quarantined = call.store(QuarantinesStore).of_family(call.scope, call.family_id)
    checked = {(part.settlement_id, each.office.id) for each in quarantined for part in each.parts}
    return settlements_due(due, now, checked)


@rpc(may("payments.check"), reply=contract.QuarantinedList())
def list_quarantined(call: Call, _request: object) -> Reply:
    """List the payments that wait for a cashier of these cash offices to look into, the oldest first."""
    return {"data": [render.quarantined(each) for each in call.store(QuarantinesStore).waiting(call.scope)]}


@rpc(may("payments.check"), request=contract.ResolveQuarantineRequest(), reply=contract.QuarantinedReply())
def resolve_quarantine(call: Call, request: ResolveQuarantine) -> Reply:
    """Keep what a cashier found out: what came becomes a credit note, or nothing came; the family is told.

    The same again changes nothing. Refused: not_found, conflict (not in quarantine, or found out otherwise).
    """
    found_out = Resolution(request.outcome, request.amount_cents, call.now(), call.actor.as_document())
    after = call.store(QuarantinesStore).resolve(call.scope, request.payment_id, found_out, Stamp.of(call))
    if isinstance(after, str):
        raise Refused(after)
    call.bell.wake()
    return {"payment": render.quarantined(after)}


@every(seconds=1.0)
def look_up_payments(call: Call) -> None:
    """Ask about payments that have news, and about those that nobody told the end of."""
    waiting = call.store(LooksStore).to_look_up(call.now())
    for _ in GreenPool(LOOK_UPS_AT_ONCE).starmap(partial(_looked_up, call), waiting):
        pass


@every(seconds=1.0)
def release_reservations(call: Call) -> None:
    """Free the credit of orders that nobody can pay any more."""
    for organisation_id, settlement_id in call.store(SettlementsStore).overdue(call.now()):
        going_on = call.acting_for(organisation_id)
        call.store(AttemptsStore).release(going_on.scope, settlement_id, Stamp.of(going_on))


@on_event("booking", "hold_expired")
def on_hold_expired(call: Call, event: Event) -> None:
    """Free reserved credit, unless a payment may still come."""
    settlement_id = call.store(SettlementsStore).id_of_booking(call.scope, event.data["booking_id"])
    if settlement_id is not None:
        call.store(AttemptsStore).release(call.scope, settlement_id, Stamp.of(call))


def _sendable(email: str | None) -> str | None:
    """Return an address as the provider takes it; None for one that came before addresses were looked at."""
    try:
        sent = as_sent(email or "")
    except NotAnAddress:
        return None
    return sent if len(sent) <= contract.EMAIL_MAX else None


def _with_page(call: Call, attempt: PaymentAttempt, email: str, return_url: str) -> PaymentAttempt:
    """Return an attempt with its page, fetched if it has none yet. Refused("provider_unavailable")."""
    if attempt.state is not AttemptState.CREATED:
        return attempt
    wanted = PaymentPage(
        reference=attempt.id,
        amount_cents=attempt.amount_cents,
        email=email,
        label=attempt.office.name,
        return_url=return_url.replace("{payment_id}", attempt.id),
        notify_url=call.ports.notify_url,
    )
    try:
        page = call.ports.provider.create(wanted)
    except ProviderError as error:
        _log.warning("provider_failed", kind=error.kind, detail=error.detail, payment_id=attempt.id)
        raise Refused("provider_unavailable", error.kind, retry_after_s=5) from error
    failpoint("billing.start_payment.after_provider")
    look_up_at = life.next_look(attempt.started_at, attempt.started_at, call.ports.poll_minute)
    redirected = call.store(AttemptsStore).redirect(
        call.scope, attempt, (page.provider_reference, page.page_url), look_up_at or attempt.expires_at
    )
    failpoint("billing.start_payment.after_redirect")
    return redirected


def _looked_up(call: Call, organisation_id: str, attempt: PaymentAttempt) -> PaymentAttempt:
    """Return an attempt after the provider was asked what became of it; no answer changes nothing.

    What follows is the provider's act, whoever had us ask.
    """
    provider = Actor("provider", for_family_id=attempt.family_id, on_behalf_of=attempt.account_id)
    asking = call.acting_for(
        organisation_id, family_id=attempt.family_id, request_id=call.request_id, actor=provider
    )
    attempts, looks, scope = call.store(AttemptsStore), call.store(LooksStore), asking.scope
    if attempt.state in FINAL_STATES:
        return attempt
    if attempt.provider_reference is None:
        if call.now() >= attempt.expires_at:
            attempts.expire(scope, attempt.id)
        return attempt
    if not looks.claim(scope, attempt.id, call.now()):
        return attempt
    minute = call.ports.poll_minute
    try:
        found = call.ports.provider.look_up(attempt.provider_reference)
    except ProviderError as error:
        _log.warning("provider_failed", kind=error.kind, detail=error.detail, payment_id=attempt.id)
        if error.kind != BUSY:  # nobody was asked: the claim has it looked up soon
            looks.postpone(scope, attempt.id, life.next_look(attempt.started_at, call.now(), minute))
        return attempt
    failpoint("billing.record_payment.after_lookup")
    failpoint("billing.record_payment.before_commit")
    result = found or life.unknown(attempt, call.now())
    kept = attempts.found(scope, attempt.id, result, minute, Stamp.of(asking))
    failpoint("billing.record_payment.after_commit")
    if contradicts(kept, result):
        tell = _log.error if kept.state is AttemptState.QUARANTINED else _log.warning
        event = "payment_quarantined" if kept.state is AttemptState.QUARANTINED else "payment_contradicted"
        tell(event, payment_id=kept.id, expected_cents=kept.amount_cents, reported_cents=result.amount_cents)
    call.bell.wake()
    return kept
