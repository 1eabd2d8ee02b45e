"""Importing cash offices, wallets, tariffs, and money that moved before the books began."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from marshmallow import Schema

from billing.commands.contract import OfficeRow, PaidBookingRow, TariffRow, WalletEntryRow, WalletRow
from billing.credit_notes.model import Charge
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.store.journal import FloorReachedError, LedgerStore
from billing.ledger.store.transactions import Stamp
from billing.offices.model import CashOffice
from billing.offices.store import OfficesStore
from billing.tariffs.model import Tariff
from billing.tariffs.rules import overlaps
from billing.tariffs.store import TariffsStore
from billing.wallets.model import Carried, CarriedKind, Mode, Wallet
from billing.wallets.rules import account_of, carried_over
from billing.wallets.store import WalletsStore
from chassis.running.progress import Progress
from chassis.storage.mongo import Db
from chassis.values.actor import Actor
from chassis.values.clock import Clock
from chassis.values.errors import Refused
from chassis.values.ids import named_id
from chassis.values.scope import Scope
from chassis.values.tables import Fault, Row, first_of_each, read_table

BOOKED = ("child_reference", "activity_reference", "centre_reference", "day", "day_part")
CHARGES_AT_ONCE = 50  # one commit for them all, and the accounts are not locked for long


@dataclass(slots=True)
class Import:
    """One run over a directory: rows are judged one by one and kept whole, so that none is half imported."""

    database: Db
    organisation_id: str
    directory: Path
    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    offices: dict[str, CashOffice] = field(default_factory=dict)
    wallets: list[Wallet] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)

    def run(self) -> None:
        """Import what the directory holds; running it again changes nothing."""
        self.offices = {each.reference: each for each in OfficesStore(self.database).all(self._scope)}
        self._each("cash_offices.csv", OfficeRow(), ["reference"], self._office)
        self._each("wallets.csv", WalletRow(), ["reference"], self._wallet)
        self._each("tariffs.csv", TariffRow(), ["activity_reference", "valid_from"], self._tariff)
        self.wallets = WalletsStore(self.database).all(self._scope)
        self._each("wallet_entries.csv", WalletEntryRow(), ["reference"], self._wallet_entry)
        charges: list[Charge] = []
        self._each("paid_bookings.csv", PaidBookingRow(), BOOKED, partial(self._paid_booking, charges))
        for batch in self.progress.batches("what was paid", charges, CHARGES_AT_ONCE):
            stamp = Stamp(Clock().now(), Actor("operator"))
            CreditNotesStore(self.database).take_over(self._scope, batch, stamp)

    @property
    def _scope(self) -> Scope:
        return Scope(self.organisation_id)

    def _id(self, kind: str, reference: str) -> str:
        return named_id(self.organisation_id, kind, reference)

    def _each(
        self, file: str, schema: Schema, key: Sequence[str], keep: Callable[[Row], Fault | None]
    ) -> None:
        found, faults = read_table(self.directory / file, schema)
        rows, doubles = first_of_each(found, key)
        bad = [fault for row in self.progress.each(file, rows) if (fault := keep(row)) is not None]
        self.faults += [*faults, *doubles, *bad]
        self.counts[file] = len(rows) - len(bad)

    def _office(self, row: Row) -> Fault | None:
        reference = row.cells["reference"]
        office = CashOffice(self._id("cash_office", reference), reference, row.cells["name"])
        OfficesStore(self.database).put(self._scope, office)
        WalletsStore(self.database).rename_office(self._scope, office)
        self.offices[reference] = office
        return None

    def _wallet(self, row: Row) -> Fault | None:
        cells = row.cells
        office = self.offices.get(cells["cash_office_reference"])
        if office is None:
            return row.fault("cash_office_reference", "No cash office is called so.")
        wallet = Wallet(
            id=self._id("wallet", cells["reference"]),
            name=cells["name"],
            activity_group=cells["activity_group"],
            office=office,
            mode=Mode(cells["mode"]),
            floor_cents=-cells["may_owe_cents"],
        )
        WalletsStore(self.database).put(self._scope, wallet)
        return None

    def _tariff(self, row: Row) -> Fault | None:
        cells = row.cells
        activity_id = self._id("activity", cells["activity_reference"])
        first, last = cells["valid_from"], cells["valid_to"]
        if last is not None and last < first:
            return row.fault("valid_to", "It ends before it begins.")
        tariffs = TariffsStore(self.database)
        tariff = Tariff(activity_id, cells["price_cents"], first, last)
        if overlaps(tariff, tariffs.of(self._scope, [activity_id])):
            return row.fault("valid_from", "Another price of this activity is valid then.")
        tariffs.put(self._scope, tariff)
        return None

    def _wallet_entry(self, row: Row) -> Fault | None:
        cells = row.cells
        wallet_id = self._id("wallet", cells["wallet_reference"])
        wallet = next((each for each in self.wallets if each.id == wallet_id), None)
        if wallet is None:
            return row.fault("wallet_reference", "No wallet has this reference.")
        moved = Carried(
            id=self._id("wallet_entry", cells["reference"]),
            family_id=self._id("family", cells["family_reference"]),
            day=cells["day"],
            kind=CarriedKind(cells["kind"]),
            label=cells["label"],
            amount_cents=cells["amount_cents"],
        )
        floors = {account_of(moved.family_id, wallet): wallet.floor_cents}
        stamp = Stamp(Clock().now(), Actor("operator"))
        try:
            LedgerStore(self.database).post(self._scope, carried_over(wallet, moved), stamp, floors)
        except FloorReachedError:
            return row.fault("amount_cents", "The family would owe more than the wallet allows.")
        except Refused:
            return row.fault("reference", "This movement was imported before, and said something else.")
        return None

    def _paid_booking(self, charges: list[Charge], row: Row) -> Fault | None:
        group = row.cells["activity_group"]
        prepaid = [w for w in self.wallets if w.mode is Mode.PREPAID and group in (None, w.activity_group)]
        if len({wallet.office for wallet in prepaid}) != 1:
            return row.fault("activity_group", "Not exactly one cash office has a prepaid wallet for it.")
        wallet = prepaid[0]
        charge = Charge(
            booking_id=self._id("booking", booking_reference(row.cells)),
            settlement_id="",
            family_id=self._id("family", row.cells["family_reference"]),
            office=wallet.office,
            wallet_id=wallet.id,
            charged_cents=row.cells["price_cents"],
            charged_at=Clock().now(),
        )
        charges.append(charge)
        return None


def booking_reference(cells: Mapping[str, Any]) -> str:
    """Return what booking's own import calls a booking: child, activity, centre, day and day part."""
    return "/".join(str(cells[name]) for name in BOOKED)
