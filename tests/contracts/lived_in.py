"""A town in which all five services run and a family has left something in each; beside it another town."""

from contextlib import ExitStack
from hashlib import sha256
from uuid import uuid4

from click.testing import CliRunner

from billing.commands.store import STORES as BILLING_STORES
from billing.copies.model import Contact as Payer
from billing.copies.model import Family as PayingFamily
from billing.copies.store import CopiesStore
from billing.offices.model import CashOffice
from billing.offices.store import OfficesStore
from billing.ports.provider import Page
from billing.service import Billing
from billing.tariffs.model import Tariff
from billing.tariffs.store import TariffsStore
from billing.vocabulary import ProviderResult, Result
from billing.wallets.model import Mode, Wallet
from billing.wallets.store import WalletsStore
from booking.copies.model import Organisation
from booking.service import Booking
from chassis.storage.mongo import Stores
from chassis.testing import Caller, eventually, person, running
from chassis.values.context import Context, service_context
from chassis.values.ids import named_id
from chassis.values.scope import Scope
from family import commands as family_commands
from family.service import Family
from identity import commands as identity_commands
from identity.service import Identity
from notify.copies.store import CopyStore
from notify.service import Notify
from notify.vocabulary import Contact
from notify.vocabulary import Family as Addressee
from notify.vocabulary import Organisation as Sender
from tests.booking.conftest import NOW, TOWN, an_id, movement
from tests.family.conftest import FILES as FAMILY_FILES
from tests.identity.conftest import ACCOUNTS, ORGANISATIONS

OTHER_TOWN = named_id("", "organisation", "saint-elme")
MONDAY, TUESDAY, THURSDAY, FRIDAY = "2026-11-16", "2026-11-17", "2026-11-19", "2026-11-20"
ROY = an_id("family", "roy")
ANONYMOUS = Context(kind="anonymous", issuer="gateway")
SERVICES = {"identity": Identity, "family": Family, "booking": Booking, "billing": Billing, "notify": Notify}
BODY = "0" * 64


class Provider:
    """A payment provider at whose page everybody pays, as soon as the test says so."""

    def __init__(self):
        self.amounts, self.paid = {}, set()

    def create(self, wanted):
        self.amounts[wanted.reference] = wanted.amount_cents
        return Page(f"at-provider-{wanted.reference}", "https://pay.example/1")

    def look_up(self, provider_reference):
        reference = provider_reference.removeprefix("at-provider-")
        paid = reference in self.paid
        result, at = (Result.PAID, NOW) if paid else (Result.PENDING, None)
        return ProviderResult(
            provider_reference, reference, self.amounts[reference], result, "123456" if paid else None, at
        )


class LivedIn(ExitStack):
    """Enter it to have the services run; then `home` is the family, and `ids` what it left."""

    def __init__(self, amqp_uri, town, clock, directory, monkeypatch):
        super().__init__()
        self.amqp_uri, self.clock = amqp_uri, clock
        database, self.store = town
        self.directory, self.monkeypatch = directory, monkeypatch
        self.provider, self.ids = Provider(), {}
        self.databases = {name: database.client[f"test_{uuid4().hex[:16]}"] for name in SERVICES}
        self.databases["booking"] = database

    def __enter__(self):
        super().__enter__()
        self.callback(self._forget)
        try:
            self._know_the_people()
            self._know_the_prices()
            self._start()
            self._keep_everything()
            self._log_in()
            self._book_and_pay()
        except BaseException:
            self.close()
            raise
        return self

    def call(self, service, method, context, request):
        caller = self.callers[context.issuer]
        return caller.call(service, method, context, request)

    def at_home(self, service):
        """The context of the family itself at a service."""
        families = {"family": an_id("family", "F1")}
        return person(
            organisation_id=TOWN,
            account_id=self.ids["account"],
            session_id=self.ids["session"],
            family_id=families.get(service, ROY),
            guardian_id=an_id("guardian", "ana"),
        )

    def picture(self):
        """All that belongs to the town, and there to nobody else than the family, service by service.

        Left out are what is on its way (outbox, inbox, leases), and notify, where the postman works and
        whose doors name nobody: they reach the caller's own messages and preferences.
        """
        owned = {
            "organisation_id": {"$in": [TOWN, None]},
            "account_id": {"$in": [self.ids["account"], None]},
        }
        return {
            f"{service}.{name}": sorted(map(str, database[name].find(owned)))
            for service, database in self.databases.items()
            if service != "notify"
            for name in database.list_collection_names()
            if name not in {"outbox", "inbox", "leases"}
        }

    def _forget(self):
        for name, database in self.databases.items():
            if name != "booking":
                database.client.drop_database(database.name)

    def _know_the_people(self):
        for name, value in {
            "IDENTITY_PEPPER": "a pepper for the tests only",
            "IDENTITY_ARGON2_MEMORY_KIB": "8",
            "IDENTITY_ARGON2_TIME_COST": "1",
            "NOTIFY_SMTP_URL": "smtp+plain://127.0.0.1:9",
            "NOTIFY_PUBLIC_URL": "https://portail.example",
        }.items():
            self.monkeypatch.setenv(name, value)
        files = {"organisations": ORGANISATIONS, "accounts": ACCOUNTS}
        self._import(identity_commands, "identity", files)
        self._import(family_commands, "family", FAMILY_FILES, "--organisation", "carteville")
        there = Organisation(OTHER_TOWN, "saint-elme", "Saint-Elme", "Indian/Reunion", "fr")
        self.store.organisations.keep(service_context("booking", OTHER_TOWN, "test"), there, 1)
        CopyStore.ensure_indexes(self.databases["notify"])
        letters = CopyStore(self.databases["notify"])
        letters.keep_organisation(Scope(TOWN), Sender(TOWN, "Carteville", "carteville", "Europe/Paris"), 1)
        letters.keep_family(
            Scope(TOWN), Addressee(ROY, "Roy", "fr", (Contact("Ana Roy", "ana@x.example"),)), 1
        )

    def _import(self, commands, service, files, *options):
        directory = self.directory / service
        directory.mkdir()
        for name, content in files.items():
            (directory / f"{name}.csv").write_text(content, encoding="utf-8")
        with self.monkeypatch.context() as patch:
            patch.setenv("MONGODB_DATABASE", self.databases[service].name)
            arguments = ["import", str(directory), *options]
            result = CliRunner().invoke(commands.main, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output

    def _know_the_prices(self):
        stores = Stores(BILLING_STORES)
        stores.ensure_indexes(self.databases["billing"])
        billing, here = stores(self.databases["billing"]), Scope(TOWN)
        office = CashOffice("office-1", "enfance", "Régie enfance")
        billing[OfficesStore].put(here, office)
        for group, mode in (("Restauration", Mode.PREPAID), ("Périscolaire", Mode.INVOICED)):
            billing[WalletsStore].put(here, Wallet(f"wallet-{mode}", group, group, office, mode))
        for activity in ("repas", "soir"):
            billing[TariffsStore].put(here, Tariff(an_id("activity", activity), 376, NOW.date(), None))
        copies = billing[CopiesStore]
        copies.keep_organisation(here, "carteville", "Europe/Paris", 1)
        copies.keep_organisation(Scope(OTHER_TOWN), "saint-elme", "Indian/Reunion", 1)
        copies.keep_family(here, ROY, PayingFamily("Roy", (Payer("g", "Ana", "ana@x.fr"),)), 1)

    def _start(self):
        for name, service in SERVICES.items():
            config = {"payment_provider": self.provider} if name == "billing" else {}
            database = self.databases[name].name
            self.enter_context(
                running(
                    service, AMQP_URI=self.amqp_uri, MONGODB_DATABASE=database, clock=self.clock, **config
                )
            )
        self.callers = {
            issuer: self.enter_context(Caller(issuer, self.amqp_uri)) for issuer in ("gateway", "booking")
        }

    def _keep_everything(self):
        """Let the database forget nothing: it knows the real time, which may be far from the town's."""
        for database in self.databases.values():
            for name in database.list_collection_names():
                for index, described in database[name].index_information().items():
                    if "expireAfterSeconds" in described:
                        database[name].drop_index(index)

    def _log_in(self):
        ana = {"login": "ana.roy@example.org", "password": "soleil-marelle-42"}
        opened = [self.call("identity", "log_in", ANONYMOUS, ana) for _ in range(2)]
        for each in opened:
            claim = {"token_sha256": sha256(each["token"].encode()).hexdigest()}
            self.call("identity", "resolve_session", ANONYMOUS, claim)
        first, second = (each["session"] for each in opened)
        self.ids |= {"account": first["account_id"], "session": first["id"], "other_session": second["id"]}

    def _book_and_pay(self):
        """Two meals paid and one given back, one that waits for its payment, and a basket reviewed."""
        meals = [movement("zoe", "repas", day) for day in (MONDAY, FRIDAY)]
        paid = self._confirmed(meals[0], movement("zoe", "soir", MONDAY), meals[1])
        payment_id = self._payment(paid["id"], "first")
        self.provider.paid.add(payment_id)
        self._ask("billing", "get_payment", payment_id=payment_id)
        eventually(lambda: self._states() == ["accepted"] * 3)
        self._ask(
            "booking", "cancel", booking_id=paid["lines"][0]["booking_id"], key="give-back", body_sha256=BODY
        )
        due = self._confirmed(movement("zoe", "repas", TUESDAY), movement("zoe", "repas", THURSDAY))
        draft, review = self._reviewed(movement("zoe", "soir", THURSDAY))
        self.ids |= {
            "confirmation": due["id"],
            "request": due["requests"][0]["id"],
            "booking": due["lines"][0]["booking_id"],
            "kept_booking": paid["lines"][1]["booking_id"],
            "paid_booking": paid["lines"][2]["booking_id"],
            "draft": draft,
            "quote": review["quote_id"],
            "child": an_id("child", "zoe"),
        }
        eventually(lambda: self._ask("billing", "list_credit_notes")["data"])
        self.ids["payment"] = payment_id
        self.ids["receipt"] = self._ask("billing", "list_payments")["data"][0]["id"]
        self.ids["credit_note"] = self._ask("billing", "list_credit_notes")["data"][0]["id"]
        eventually(lambda: len(self._ask("notify", "list_messages")["data"]) >= 3)
        self.ids["message"] = self._ask("notify", "list_messages")["data"][0]["id"]
        eventually(lambda: not any(self._on_their_way()))

    def _on_their_way(self):
        yield from self.databases["billing"].outbox.find({"pending": {"$exists": True}})
        for name in ("seats", "confirmations"):
            yield from self.databases["booking"][name].find({"events.id": {"$gt": ""}})
        yield from self.databases["booking"].closings.find({"told": False})

    def _ask(self, service, method, **request):
        return self.call(service, method, self.at_home(service), request)

    def _states(self):
        return sorted(each["state"] for each in self._ask("booking", "list_bookings")["data"])

    def _reviewed(self, *movements):
        draft = self._ask("booking", "open_draft")["draft"]["id"]
        self._ask("booking", "change_draft", draft_id=draft, add=list(movements))
        return draft, self._ask("booking", "review", draft_id=draft)["review"]

    def _confirmed(self, *movements):
        draft, review = self._reviewed(*movements)
        self.ids["quote_of_meals"] = review["quote_id"]
        asked = {"draft_id": draft, "quote_id": review["quote_id"]}
        key = sha256(draft.encode()).hexdigest()
        answer = self._ask("booking", "confirm", **asked, key=key, body_sha256=BODY)
        return answer["confirmation"]

    def _payment(self, settlement_id, key):
        asked = {"settlement_id": settlement_id, "return_url": "https://portail.example/back"}
        return self._ask("billing", "start_payment", **asked, key=key, body_sha256=BODY)["payment"]["id"]
