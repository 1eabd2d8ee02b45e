"""billing: wallets, payments, credit notes."""

from chassis.values.context import Context
from gateway.clients.language import Ask, Reply, given


class Billing:
    """The money of the family in the context."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def list_wallets(
        self, context: Context, until_on: str | None = None, *, pending: bool | None = None
    ) -> Reply:
        """Return {data: [wallet], amount_due_cents, bookings_cents, estimated_balance_cents, credits}."""
        return self._ask("list_wallets", context, given(until_on=until_on, pending=pending))

    def list_payments(self, context: Context) -> Reply:
        """Return {data: [payment made]}."""
        return self._ask("list_payments", context, {})

    def list_credit_notes(self, context: Context) -> Reply:
        """Return {data: [credit note]}."""
        return self._ask("list_credit_notes", context, {})

    def list_settlements_due(self, context: Context) -> Reply:
        """Return {data: [{settlement_id, amount_due_cents, held_until, offices}]}."""
        return self._ask("list_settlements_due", context, {})

    def get_payment(self, context: Context, payment_id: str) -> Reply:
        """Return {payment}; while it is open, billing asks the provider again."""
        return self._ask("get_payment", context, {"payment_id": payment_id})

    def start_payment(  # noqa: PLR0913 - one argument per field of the request
        self,
        context: Context,
        *,
        settlement_id: str,
        return_url: str,
        key: str,
        body_sha256: str,
        cash_office_id: str | None = None,
        email: str | None = None,
    ) -> Reply:
        """Return {payment: {id, state, page_url, amount_cents, expires_at}}.

        Refused nothing_due, hold_expired, email_missing, provider_unavailable, idempotency_mismatch.
        """
        request = given(
            settlement_id=settlement_id,
            return_url=return_url,
            key=key,
            body_sha256=body_sha256,
            cash_office_id=cash_office_id,
            email=email,
        )
        return self._ask("start_payment", context, request)

    def record_payment(self, context: Context, provider_reference: str) -> Reply:
        """Say that the provider has news; billing asks the provider itself. Return {payment_id, state}."""
        return self._ask("record_payment", context, {"provider_reference": provider_reference})
