"""A billing of fakes, and those who come to its doors."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

from billing.attempts.store.attempts import AttemptsStore
from billing.attempts.store.looks import LooksStore
from billing.attempts.store.quarantines import QuarantinesStore
from billing.consumption.store import ConsumptionStore
from billing.copies.store import CopiesStore
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.store.journal import LedgerStore
from billing.offices.contract import ROLES
from billing.offices.store import BillingSettingsStore
from billing.payments.store import PaymentsStore
from billing.ports import Ports
from billing.ports.provider import Page, ProviderError
from billing.quotes.store import QuotesStore
from billing.settlements.store import SettlementsStore
from billing.tariffs.store import TariffsStore
from billing.vocabulary import ProviderResult, Result
from billing.wallets.store import WalletsStore
from chassis.doors.call import call_of_event, call_of_timer
from chassis.testing import FrozenClock, person
from chassis.testing import doors as testing
from chassis.values.context import Context, service_context
from chassis.values.event import Event
from tests.billing.fakes import (
    FakeAttempts,
    FakeConsumption,
    FakeCopies,
    FakeCreditNotes,
    FakeLedger,
    FakeLooks,
    FakePayments,
    FakeQuarantines,
    FakeQuotes,
    FakeSettings,
    FakeSettlements,
    FakeTariffs,
    FakeWallets,
)
from tests.billing.town import FAMILY, LUNCH, MINUTE, NOW, ORGANISATION, SUNDRY, WALLET, tariff

ANA = person(organisation_id=ORGANISATION, account_id="ana", family_id=FAMILY, guardian_id="g-1")
EVE = person(organisation_id=ORGANISATION, account_id="eve", family_id="family-2")
BOOKING = replace(service_context("booking", ORGANISATION, "request-1"), family_id=FAMILY)
NOBODY = Context(kind="anonymous", issuer="gateway")


class FakeProvider:
    """Says of every payment what a test told it to; `away` is what goes wrong meanwhile.

    `reports` is what it says otherwise than it was asked for.
    """

    def __init__(self):
        self.pages, self.result, self.away, self.reports = [], Result.PENDING, None, {}

    def create(self, wanted):
        if self.away:
            raise ProviderError(self.away)
        self.pages.append(wanted)
        return Page(f"at-provider-{wanted.reference}", f"http://page.example/{wanted.reference}")

    def look_up(self, provider_reference):
        if self.away:
            raise ProviderError(self.away)
        if self.result is None:
            return None
        wanted = next(each for each in self.pages if provider_reference.endswith(each.reference))
        paid = self.result is Result.PAID
        told = ProviderResult(
            provider_reference, wanted.reference, wanted.amount_cents, self.result, "123456" if paid else None
        )
        return replace(told, **self.reports)


def noun_of(store):
    """What tests call a store: its noun, for example `credit_notes`; some are beside their noun."""
    beside = {BillingSettingsStore: "settings", LooksStore: "looks", QuarantinesStore: "quarantines"}
    return beside.get(store) or store.__module__.split(".")[1]


def doors_on(store):
    """Return what asks the doors that read on the stores of a real database; nobody asks the provider."""
    kinds = (PaymentsStore, AttemptsStore, LooksStore, QuarantinesStore)
    stores = {kind: getattr(store, noun_of(kind)) for kind in kinds}
    ports = Ports(FakeProvider(), "https://town.example/callbacks", MINUTE, testing.FakePress())
    tools = testing.tools("billing", stores=stores, ports=ports, clock=FrozenClock(NOW))
    return partial(_ask, tools)


def _ask(tools, door, context, request=None):
    (entrypoint,) = door.nameko_entrypoints
    loaded = entrypoint.request.load(request or {})
    return door(testing.call(tools, context, entrypoint.needs, ROLES), loaded)


def house():
    """A billing of fakes: stores by noun, provider, clock and bell; `ask`, `hear`, `tick` open its doors."""
    notes, payments = FakeCreditNotes(), FakePayments()
    settlements = FakeSettlements(notes)
    attempts = FakeAttempts(settlements, payments)
    stores = {
        CopiesStore: FakeCopies(),
        WalletsStore: FakeWallets(WALLET, LUNCH, SUNDRY),
        TariffsStore: FakeTariffs(tariff(500), tariff(200, activity="care")),
        QuotesStore: FakeQuotes(),
        LedgerStore: FakeLedger(),
        CreditNotesStore: notes,
        SettlementsStore: settlements,
        PaymentsStore: payments,
        AttemptsStore: attempts,
        LooksStore: FakeLooks(attempts),
        QuarantinesStore: FakeQuarantines(attempts),
        ConsumptionStore: FakeConsumption(),
        BillingSettingsStore: FakeSettings(),
    }
    provider, clock, bell = FakeProvider(), FrozenClock(NOW), testing.Bells()
    press = testing.FakePress()
    ports = Ports(provider, "https://town.example/callbacks", MINUTE, press)
    tools = testing.tools("billing", stores=stores, ports=ports, clock=clock, bell=bell)

    def hear(door, data, sequence=1):
        event = Event("e", "x", 1, ORGANISATION, "a", sequence, NOW, None, "request-1", data)
        many = next(iter(door.nameko_entrypoints)).many
        door(call_of_event(tools, event), [event] if many else event)

    nouns = {noun_of(kind): fake for kind, fake in stores.items()}
    return SimpleNamespace(
        ask=partial(_ask, tools),
        hear=hear,
        tick=lambda door: door(call_of_timer(tools)),
        provider=provider,
        press=press,
        clock=clock,
        bell=bell,
        **nouns,
    )
