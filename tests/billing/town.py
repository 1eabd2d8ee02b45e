"""A small town's money: shorthand for the values that the tests of billing speak of."""

from datetime import UTC, date, datetime, timedelta

from billing.attempts.model import AttemptAsk, AttemptPart, AttemptState, PaymentAttempt
from billing.credit_notes.model import Charge, CreditNote, CreditReason
from billing.credit_notes.store import credit_note_id_of
from billing.ledger.store.transactions import Stamp
from billing.offices.model import CashOffice
from billing.quotes.model import AskedLine
from billing.settlements.model import Cancelled, HeldLine, Order
from billing.tariffs.model import Tariff
from billing.vocabulary import ChargingMode, ProviderResult, Result
from billing.wallets.model import Mode, Wallet
from chassis.values.actor import Actor
from chassis.values.scope import Scope

NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HELD_UNTIL = NOW + timedelta(minutes=25)
ORGANISATION = "org-1"
FAMILY = "family-1"
SCOPE = Scope(ORGANISATION)
LEISURE = CashOffice("office-1", "loisirs", "Régie loisirs")
CANTEEN = CashOffice("office-2", "cantine", "Régie cantine")
WALLET = Wallet("wallet-1", "Loisirs", "leisure", LEISURE, Mode.PREPAID)
LUNCH = Wallet("wallet-2", "Cantine", "lunch", CANTEEN, Mode.PREPAID)
SUNDRY = Wallet("wallet-3", "Périscolaire", "care", CANTEEN, Mode.INVOICED)


def note(name, left, *, office=LEISURE, minutes=0, amount=None, number=None, family=FAMILY):
    return CreditNote(
        id=name,
        family_id=family,
        office=office,
        amount_cents=left if amount is None else amount,
        left_cents=left,
        reason=CreditReason.CANCELLED,
        issued_at=NOW + timedelta(minutes=minutes),
        number=number or f"A-LOISIRS-2026-{name}",
    )


def charge(booking_id, cents, *, credited=0, office=LEISURE, family=FAMILY):
    return Charge(booking_id, "earlier", family, office, "wallet-1", cents, NOW, credited)


def held(line, cents, *, office=LEISURE, booking_id=None, until=HELD_UNTIL):
    return HeldLine(line, booking_id or f"booking-{line}", cents, office, "wallet-1", until)


def order(*lines, cancelled=(), name="settlement-1", family=FAMILY, content="content", promotion=None):
    return Order(
        settlement_id=name,
        family_id=family,
        content_sha256=content,
        held=tuple(lines),
        cancelled=tuple(
            Cancelled(100 + place, booking_id, credit_note_id_of(booking_id))
            for place, booking_id in enumerate(cancelled)
        ),
        promotion=promotion,
    )


def asked(line=1, *, activity="dance", group="leisure", day="2026-11-18", mode="prepaid", charged=True):
    return AskedLine(
        line,
        f"booking-{line}",
        "child-1",
        activity,
        group,
        date.fromisoformat(day),
        "day",
        ChargingMode(mode),
        charged,
    )


def tariff(cents, first="2026-01-01", last=None, activity="dance"):
    return Tariff(activity, cents, date.fromisoformat(first), date.fromisoformat(last) if last else None)


def stamp(now=NOW):
    return Stamp(now, Actor("service"), "request-1")


STAMP = stamp()


def attempt(amount, *, state=AttemptState.REDIRECTED, name="payment-1", office=LEISURE, minutes=0):
    started = NOW + timedelta(minutes=minutes)
    return PaymentAttempt(
        id=name,
        family_id=FAMILY,
        account_id="account-1",
        office=office,
        parts=(AttemptPart("settlement-1", amount),),
        amount_cents=amount,
        state=state,
        body_sha256="body",
        started_at=started,
        expires_at=started + timedelta(minutes=15),
        provider_reference=f"at-provider-{name}",
    )


def ask(key="payment-1", *orders, settlement="settlement-1", office=None, body="body", family=FAMILY):
    named = orders or (settlement,)
    return AttemptAsk(key, family, "account-1", named, office, body, "Ana Roy", 15 * MINUTE)


def ask_all(key="payment-1", *, office="office-1", body="body", family=FAMILY):
    return AttemptAsk(key, family, "account-1", (), office, body, "Ana Roy", 15 * MINUTE)


def found(of, result=Result.PAID, *, amount=None, reference=None, is_test=False):
    return ProviderResult(
        provider_reference=of.provider_reference or "",
        reference=reference or of.id,
        amount_cents=of.amount_cents if amount is None else amount,
        result=result,
        authorisation="123456" if result is Result.PAID else None,
        paid_at=NOW if result is Result.PAID else None,
        is_test=is_test,
    )
