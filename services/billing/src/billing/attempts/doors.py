"""A payment's way through the provider: its page, its look-ups.

No transaction is open while the provider is asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from billing.attempts import rules
from billing.attempts.model import Payment, PaymentState
from billing.commands.store import Store
from billing.ports.provider import PaymentPage, Provider, ProviderError
from billing.settings import Settings
from billing.vocabulary import ProviderResult, Result
from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.values.context import Context
from chassis.values.errors import Refused

_log = get_logger()


@dataclass(frozen=True, slots=True)
class Paying:
    """Store, provider and settings together, for the length of one call."""

    store: Store
    provider: Provider
    settings: Settings

    def payer(self, context: Context, family_id: str, email: str | None) -> tuple[str, str]:
        """Give the address that the provider asks for, and the payer's name. Refused("email_missing")."""
        family_name, contacts = self.store.configuration.family(context, family_id)
        own = [each for each in contacts if each["guardian_id"] == context.guardian_id]
        address = email or next((each["email"] for each in [*own, *contacts] if each["email"]), None)
        if address is None:
            raise Refused("email_missing", "the provider needs an e-mail address")
        return str(address), str(own[0]["name"] if own and own[0]["name"] else family_name)

    def with_page(self, context: Context, payment: Payment, email: str, return_url: str) -> Payment:
        """Fetch the page of a payment that has none yet. Refused("provider_unavailable")."""
        if payment.state is not PaymentState.CREATED:
            return payment
        wanted = PaymentPage(
            reference=payment.id,
            amount_cents=payment.amount_cents,
            email=email,
            label=payment.office.name,
            return_url=return_url.replace("{payment_id}", payment.id),
            notify_url=self.settings.notify_url,
        )
        try:
            page = self.provider.create(wanted)
        except ProviderError as error:
            _log.warning("provider_failed", kind=error.kind, detail=error.detail, payment_id=payment.id)
            raise Refused("provider_unavailable", error.kind, retry_after_s=5) from error
        failpoint("billing.start_payment.after_provider")
        look_up_at = rules.next_look(payment.started_at, payment.started_at, self.settings.poll_minute)
        redirected = self.store.payments.redirect(
            context, payment, page.provider_reference, page.page_url, look_up_at or payment.expires_at
        )
        failpoint("billing.start_payment.after_redirect")
        return redirected

    def looked_up(self, organisation_id: str, payment: Payment, now: datetime) -> Payment:
        """Ask the provider what became of a payment, and keep it.

        An answer that does not come changes nothing.
        """
        if payment.state in rules.FINAL_PAYMENT_STATES:
            return payment
        if payment.provider_reference is None:
            if now >= payment.expires_at:
                self.store.payments.expire(organisation_id, payment.id)
            return payment
        minute = self.settings.poll_minute
        try:
            found = self.provider.look_up(payment.provider_reference)
        except ProviderError as error:
            _log.warning("provider_failed", kind=error.kind, detail=error.detail, payment_id=payment.id)
            self._postpone(organisation_id, payment, now, minute)
            return payment
        failpoint("billing.record_payment.after_lookup")
        failpoint("billing.record_payment.before_commit")
        kept = self.store.payments.found(
            organisation_id, payment.id, found or _unknown(payment, now), now, minute
        )
        failpoint("billing.record_payment.after_commit")
        if kept.state is PaymentState.QUARANTINED:
            _log.error("payment_quarantined", payment_id=kept.id, expected_cents=kept.amount_cents)
        return kept

    def _postpone(self, organisation_id: str, payment: Payment, now: datetime, minute: timedelta) -> None:
        self.store.payments.postpone(
            organisation_id, payment.id, rules.next_look(payment.started_at, now, minute)
        )


def _unknown(payment: Payment, now: datetime) -> ProviderResult:
    """Read "never heard of it": not yet known while the page is open, forgotten and so unpaid afterwards."""
    result = Result.PENDING if now < payment.expires_at else Result.EXPIRED
    return ProviderResult(payment.provider_reference or "", payment.id, payment.amount_cents, result)
