"""What an operator runs beside the service: `python -m family.commands import DIRECTORY --organisation SLUG`.

The same environment as the service. Events wait in the outbox, from which the running service sends them.
"""

import sys
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
from marshmallow import Schema

from chassis.storage.mongo import open_database
from chassis.values.clock import Clock
from chassis.values.ids import named_id, new_id
from chassis.values.tables import Fault, Row, in_batches, read_table
from family.children import contract, rules
from family.children.model import Child, Enrolment, EnrolmentState, Family, Guardian
from family.files.store import Occasion, Store
from family.people import contract as rows

ROWS_AT_ONCE = 500


@dataclass(slots=True)
class Import:
    """One run over one directory for one organisation: what it read and changed, and each fault."""

    store: Store
    directory: Path
    occasion: Occasion
    read: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def run(self) -> None:
        """Import the four files in the order in which they name one another."""
        self._families()
        self._children()
        self._enrolments()

    def id_of(self, kind: str, reference: str) -> str:
        """Derive the id of what the organisation's files call `reference`."""
        return named_id(self.occasion.organisation_id, kind, reference)

    def known(self, collection: str, kind: str, references: set[str]) -> set[str]:
        """Tell which references of families or children stand in the organisation."""
        ids = {self.id_of(kind, reference): reference for reference in references}
        found = self.store.known_ids(self.occasion.organisation_id, collection, ids)
        return {ids[each] for each in found}

    def _families(self) -> None:
        """Import families and guardians together, so that a new file is told once, with its contacts."""
        families = self._rows("families.csv", rows.FamilyRow(), lambda row: row.cells["reference"])
        guardians = self._rows("guardians.csv", rows.GuardianRow(), lambda row: row.cells["reference"])
        named = {row.cells["family_reference"] for row in guardians}
        known = self.known("families", "family", named) | {row.cells["reference"] for row in families}
        by_family: dict[str, list[Guardian]] = {row.cells["reference"]: [] for row in families}
        for row in guardians:
            reference = row.cells["family_reference"]
            if reference in known:
                by_family.setdefault(reference, []).append(self._guardian(row))
            else:
                self.faults.append(row.fault("family_reference", "No family has this reference."))
        wanted = {row.cells["reference"]: self._family(row) for row in families}
        for batch in in_batches(list(by_family), ROWS_AT_ONCE):
            self.changed["families and guardians"] += self.store.keep_families(
                self.occasion,
                [wanted[reference] for reference in batch if reference in wanted],
                [guardian for reference in batch for guardian in by_family[reference]],
                contract.family_changed,
            )

    def _children(self) -> None:
        found = self._rows("children.csv", rows.ChildRow(), lambda row: row.cells["reference"])
        named = {reference for row in found for reference in row.cells["family_references"]}
        known = self.known("families", "family", named)
        good = [row for row in found if self._is_child_good(row, known)]
        for batch in in_batches(good, ROWS_AT_ONCE):
            children = [self._child(row) for row in batch]
            self.changed["children"] += self.store.keep_children(
                self.occasion, children, contract.child_changed
            )

    def _is_child_good(self, row: Row, known: set[str]) -> bool:
        if fault := rules.families_fault(row.cells["family_references"], known):
            self.faults.append(row.fault("family_references", fault))
            return False
        if not rules.is_birth_plausible(row.cells["birth_on"], self.occasion.now.date()):
            self.faults.append(row.fault("birth_on", "Nobody of this age is in care."))
            return False
        return True

    def _enrolments(self) -> None:
        key = ("child_reference", "activity_reference", "school_year")
        found = self._rows(
            "enrolments.csv", rows.EnrolmentRow(), lambda row: tuple(row.cells[name] for name in key)
        )
        known = self.known("children", "child", {row.cells["child_reference"] for row in found})
        good = [row for row in found if row.cells["child_reference"] in known]
        self.faults += [
            row.fault("child_reference", "No child has this reference.")
            for row in found
            if row.cells["child_reference"] not in known
        ]
        for batch in in_batches(good, ROWS_AT_ONCE):
            enrolments = [self._enrolment(row) for row in batch]
            self.changed["enrolments"] += self.store.keep_enrolments(
                self.occasion, enrolments, contract.enrolment_changed
            )

    def _rows(self, file: str, schema: Schema, key: Callable[[Row], Hashable]) -> Sequence[Row]:
        """Read a file; a line about what an earlier one told is a fault, for only one can be meant."""
        found, faults = read_table(self.directory / file, schema)
        self.faults += faults
        self.read[file] += len(found)
        first: dict[Hashable, Row] = {}
        for row in found:
            if first.setdefault(key(row), row) is not row:
                self.faults.append(row.fault("", f"Stands already on line {first[key(row)].line}."))
        return list(first.values())

    def _family(self, row: Row) -> Family:
        cells = row.cells
        town = " ".join(part for part in (cells["postcode"], cells["town"]) if part)
        lines = (cells["address_line_1"], cells["address_line_2"], town)
        return Family(
            id=self.id_of("family", cells["reference"]),
            organisation_id=self.occasion.organisation_id,
            reference=cells["reference"],
            name=cells["name"],
            language=cells["language"],
            address_lines=tuple(line for line in lines if line),
            phones=(cells["phone"],) if cells["phone"] else (),
        )

    def _guardian(self, row: Row) -> Guardian:
        cells = dict(row.cells)
        return Guardian(
            id=self.id_of("guardian", cells["reference"]),
            organisation_id=self.occasion.organisation_id,
            family_id=self.id_of("family", cells.pop("family_reference")),
            **cells,
        )

    def _child(self, row: Row) -> Child:
        cells = dict(row.cells)
        families = cells.pop("family_references")
        return Child(
            id=self.id_of("child", cells["reference"]),
            organisation_id=self.occasion.organisation_id,
            family_ids=tuple(self.id_of("family", reference) for reference in families),
            **cells,
        )

    def _enrolment(self, row: Row) -> Enrolment:
        child, activity, year, state = (row.cells[name] for name in rows.ENROLMENT_COLUMNS)
        return Enrolment(
            id=self.id_of("enrolment", f"{child}/{activity}/{year}"),
            organisation_id=self.occasion.organisation_id,
            child_id=self.id_of("child", child),
            activity_id=self.id_of("activity", activity),
            school_year=year,
            state=EnrolmentState(state),
        )


@click.group()
def main() -> None:
    """Run a command of the family service."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", required=True, help="The slug of the organisation whose files these are.")
def import_(directory: Path, organisation: str) -> None:
    """Import families, guardians, children and enrolments (.csv); a second run changes nothing."""
    database = click.get_current_context().with_resource(open_database("family"))
    Store.ensure_indexes(database)
    occasion = Occasion(named_id("", "organisation", organisation), Clock().now(), new_id())
    run = Import(Store(database), directory, occasion)
    run.run()
    for fault in run.faults:
        click.echo(str(fault), err=True)
    click.echo(", ".join(f"{count} lines of {file}" for file, count in run.read.items()))
    click.echo(", ".join(f"{count} {kind} changed" for kind, count in run.changed.items()))
    sys.exit(1 if run.faults else 0)


@main.command("tell-again")
@click.option("--organisation", required=True, help="The slug of the organisation whose files are told.")
def tell_again(organisation: str) -> None:
    """Tell the other services again all that stands here: for one whose copy is behind, or new."""
    store = Store(click.get_current_context().with_resource(open_database("family")))
    occasion = Occasion(named_id("", "organisation", organisation), Clock().now(), new_id())
    told = {
        "families": store.tell_families_again(occasion, contract.family_changed),
        "children": store.tell_children_again(occasion, contract.child_changed),
        "enrolments": store.tell_enrolments_again(occasion, contract.enrolment_changed),
    }
    click.echo(", ".join(f"{count} {kind} told" for kind, count in told.items()))


if __name__ == "__main__":
    main()
