"""billing: wallets, payments, credit notes. Amounts are integer cents, instants ISO 8601 texts."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.values.context import Context
from gateway.clients.asking import Ask, Printed, given, read, read_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """The account of a family for a group of activities at one cash office."""

    wallet_id: str
    name: str
    cash_office_id: str
    cash_office_name: str
    mode: str
    balance_cents: int
    estimated_cost_cents: int
    estimated_balance_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A credit note of which something is left."""

    id: str
    number: str
    amount_cents: int
    left_cents: int
    cash_office_id: str
    issued_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallets:
    """All wallets, and their totals."""

    data: tuple[Wallet, ...]
    amount_due_cents: int
    bookings_cents: int
    estimated_balance_cents: int
    credits: tuple[Credit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote:
    """A credit note, used up or not."""

    id: str
    number: str
    amount_cents: int
    left_cents: int
    cash_office_id: str
    cash_office_name: str
    issued_at: str
    reason: str
    booking_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a day of an activity costs from one day to another, both included."""

    activity_id: str
    price_cents: int
    valid_from: str
    valid_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDue:
    """What one cash office charges."""

    cash_office_id: str
    name: str
    bookings_cents: int
    credits_used_cents: int
    amount_due_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementDue:
    """A confirmation, or a promoted booking, that waits to be paid.

    `being_checked` are the cash offices at which an earlier payment of it is being checked: nothing can be
    paid there meanwhile.
    """

    settlement_id: str
    amount_due_cents: int
    held_until: str | None = None
    offices: tuple[OfficeDue, ...] = ()
    being_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMade:
    """A payment in the history."""

    id: str
    paid_at: str
    method: str
    amount_cents: int
    receipt_number: str
    cash_office_name: str
    reference: str | None = None
    payer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How the check of a payment by a cashier ended: `credited` or `nothing_came`."""

    outcome: str
    amount_cents: int
    resolved_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOrder:
    """An order that a payment is for, and what of it; `settled` tells whether it has its money by it."""

    settlement_id: str
    amount_cents: int
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One online payment and where it stands; until `page_open_until` its person may go back and pay.

    `settlement_id` is the first of its orders, `credited_cents` of what came are a credit note.
    """

    id: str
    settlement_id: str
    cash_office_id: str
    amount_cents: int
    state: str
    receipt_number: str | None = None
    authorisation: str | None = None
    paid_at: str | None = None
    page_open_until: str | None = None
    resolution: Resolution | None = None
    orders: tuple[PaidOrder, ...] = ()
    credited_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedPayment:
    """A payment that was opened at the provider, and the page where the person pays."""

    id: str
    state: str
    amount_cents: int
    page_url: str | None = None
    expires_at: str | None = None


class BillingClient:
    """The money of the family in the context."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def list_wallets(
        self, context: Context, until_on: str | None = None, *, pending: bool | None = None
    ) -> Wallets:
        """Return the wallets, now and as estimated up to a day."""
        return read(Wallets, self._ask("list_wallets", context, given(until_on=until_on, pending=pending)))

    def list_prices(self, context: Context) -> tuple[Price, ...]:
        """Return what each activity costs, by activity and first day; a review alone promises a price."""
        return read_each(Price, self._ask("list_prices", context, {})["data"])

    def list_payments(self, context: Context) -> tuple[PaymentMade, ...]:
        """Return the payments that were made, newest first."""
        return read_each(PaymentMade, self._ask("list_payments", context, {})["data"])

    def list_credit_notes(self, context: Context) -> tuple[CreditNote, ...]:
        """Return the family's credit notes."""
        return read_each(CreditNote, self._ask("list_credit_notes", context, {})["data"])

    def print_receipt(self, context: Context, payment_id: str, language: str) -> Printed:
        """Return the receipt of a payment. Refused not_found."""
        request = {"payment_id": payment_id, "language": language}
        return read(Printed, self._ask("print_receipt", context, request)["document"])

    def print_credit_note(self, context: Context, credit_note_id: str, language: str) -> Printed:
        """Return a credit note as a document. Refused not_found."""
        request = {"credit_note_id": credit_note_id, "language": language}
        return read(Printed, self._ask("print_credit_note", context, request)["document"])

    def list_settlements_due(self, context: Context) -> tuple[SettlementDue, ...]:
        """Return what waits to be paid."""
        return read_each(SettlementDue, self._ask("list_settlements_due", context, {})["data"])

    def get_payment(self, context: Context, payment_id: str) -> Payment:
        """Return a payment; while it is open, billing asks the provider again."""
        return read(Payment, self._ask("get_payment", context, {"payment_id": payment_id})["payment"])

    def start_payment(  # noqa: PLR0913 - one argument per field of the request
        self,
        context: Context,
        *,
        return_url: str,
        key: str,
        body_sha256: str,
        settlement_id: str | None = None,
        settlement_ids: Sequence[str] = (),
        cash_office_id: str | None = None,
        email: str | None = None,
    ) -> StartedPayment:
        """Return the payment that was opened at the provider, for orders or all that is due at a cash office.

        Refused nothing_due, payment_being_checked, payment_page_open, hold_expired, email_missing,
        provider_unavailable, idempotency_mismatch.
        """
        request = given(
            settlement_id=settlement_id,
            settlement_ids=list(settlement_ids) or None,
            return_url=return_url,
            key=key,
            body_sha256=body_sha256,
            cash_office_id=cash_office_id,
            email=email,
        )
        return read(StartedPayment, self._ask("start_payment", context, request)["payment"])

    def record_payment(self, context: Context, provider_reference: str) -> str | None:
        """Return the id of the payment that the provider has news of; billing asks the provider soon itself.

        None when no payment is called so.
        """
        reply = self._ask("record_payment", context, {"provider_reference": provider_reference})
        payment_id: str | None = reply["payment_id"]
        return payment_id
