"""What an operator runs beside the service: `python -m billing.commands import | fsck`.

The same environment as the service. Events wait in the outbox, from which the running service sends them.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click
from marshmallow import Schema

from billing.contract.rows import OfficeRow, PaidBookingRow, TariffRow, WalletRow
from billing.model import CashOffice, Charge, Mode, Tariff, Wallet
from billing.rules.invariants import findings
from billing.store import Store
from chassis.storage.mongo import open_database
from chassis.values.clock import Clock
from chassis.values.ids import named_id
from chassis.values.tables import Fault, Row, in_batches, read_table

CHARGES_AT_ONCE = 50  # one commit for them all, and the accounts are not locked for long


@dataclass(slots=True)
class Import:
    """One run over a directory: rows are judged one by one and kept whole, so that none is half imported."""

    store: Store
    organisation_id: str
    directory: Path
    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    offices: dict[str, CashOffice] = field(default_factory=dict)
    wallets: list[Wallet] = field(default_factory=list)

    def run(self) -> None:
        """Import what the directory holds; running it again changes nothing."""
        self.offices = {office.reference: office for office in self.store.configuration.offices(self._scope)}
        self._each("cash_offices.csv", OfficeRow(), self._office)
        self._each("wallets.csv", WalletRow(), self._wallet)
        self._each("tariffs.csv", TariffRow(), self._tariff)
        self.wallets = self.store.configuration.wallets(self._scope)
        charges: list[Charge] = []
        self._each("paid_bookings.csv", PaidBookingRow(), partial(self._paid_booking, charges))
        for batch in in_batches(charges, CHARGES_AT_ONCE):
            self.store.settlements.take_over(self._scope, batch, Clock().now())

    @property
    def _scope(self) -> str:
        return self.organisation_id

    def _id(self, kind: str, reference: str) -> str:
        return named_id(self.organisation_id, kind, reference)

    def _each(self, file: str, schema: Schema, keep: Callable[[Row], Fault | None]) -> None:
        rows, faults = read_table(self.directory / file, schema)
        self.faults += faults
        kept = [fault for row in rows if (fault := keep(row)) is not None]
        self.faults += kept
        self.counts[file] = len(rows) - len(kept)

    def _office(self, row: Row) -> Fault | None:
        reference = row.cells["reference"]
        office = CashOffice(self._id("cash_office", reference), reference, row.cells["name"])
        self.store.configuration.put_office(self._scope, office)
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
        )
        self.store.configuration.put_wallet(self._scope, wallet)
        return None

    def _tariff(self, row: Row) -> Fault | None:
        cells = row.cells
        activity_id = self._id("activity", cells["activity_reference"])
        first, last = cells["valid_from"], cells["valid_to"]
        if last is not None and last < first:
            return row.fault("valid_to", "It ends before it begins.")
        if self.store.configuration.overlapping(self._scope, activity_id, first, last):
            return row.fault("valid_from", "Another price of this activity is valid then.")
        tariff = Tariff(activity_id, cells["price_cents"], first, last)
        self.store.configuration.put_tariff(self._scope, tariff)
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


def booking_reference(cells: dict[str, Any]) -> str:
    """Name an imported booking as booking's own import does: child, activity, centre, day and day part."""
    names = ("child_reference", "activity_reference", "centre_reference", "day", "day_part")
    return "/".join(str(cells[name]) for name in names)


@contextmanager
def opened() -> Iterator[Store]:
    """Open the store that the environment names, and close its connections afterwards."""
    with open_database("billing") as database:
        yield Store(database)


def check(store: Store) -> list[str]:
    """Check billing's invariants in all organisations; what does not hold, one sentence each."""
    return [
        f"{organisation_id}: {finding}"
        for organisation_id in store.checks.organisations()
        for finding in findings(store.checks.picture(organisation_id))
    ]


@click.group()
def main() -> None:
    """Billing's commands."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", required=True, help="The slug of the organisation that the files belong to.")
def import_(directory: Path, organisation: str) -> None:
    """Import cash_offices.csv, wallets.csv, tariffs.csv, paid_bookings.csv, whichever are there."""
    with opened() as store:
        Store.ensure_indexes(store.database)
        done = Import(store, named_id("", "organisation", organisation), directory)
        done.run()
    for file, count in done.counts.items():
        click.echo(f"{file}: {count} lines kept")
    for fault in done.faults:
        click.echo(str(fault), err=True)
    sys.exit(1 if done.faults else 0)


@main.command()
def fsck() -> None:
    """Check the invariants of money; exit code 1 when one does not hold."""
    with opened() as store:
        found = check(store)
    for finding in found:
        click.echo(finding, err=True)
    click.echo(f"billing: {len(found)} findings")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
