"""From families.csv and guardians.csv to files and their people."""

from dataclasses import fields
from typing import Any

from chassis.values.tables import Row
from family.files.contract import FamilyRow
from family.files.imports import ROWS_AT_ONCE, Import, family_of
from family.people.contract import GuardianRow
from family.people.model import Guardian, Pivot
from family.people.render import family_changed
from family.people.store import PeopleStore


def import_families(run: Import) -> None:
    """Import families and guardians together, so that a new file is told once, with its contacts."""
    families = run.rows("families.csv", FamilyRow(), "reference")
    guardians = run.rows("guardians.csv", GuardianRow(), "reference")
    named = {row.cells["family_reference"] for row in guardians}
    known = run.known_families(named) | {row.cells["reference"] for row in families}
    by_family: dict[str, list[Guardian]] = {row.cells["reference"]: [] for row in families}
    for row in guardians:
        reference = row.cells["family_reference"]
        if reference in known:
            by_family.setdefault(reference, []).append(_guardian_of(run, row))
        else:
            run.faults.append(row.fault("family_reference", "No family has this reference."))
    wanted = {row.cells["reference"]: family_of(run, row) for row in families}
    for batch in run.progress.batches("families.csv", list(by_family), ROWS_AT_ONCE):
        run.changed["families and guardians"] += PeopleStore(run.database).keep_families(
            run.scope,
            run.stamp,
            (
                [wanted[reference] for reference in batch if reference in wanted],
                [guardian for reference in batch for guardian in by_family[reference]],
            ),
            family_changed,
        )


def _guardian_of(run: Import, row: Row) -> Guardian:
    cells = dict(row.cells)
    return Guardian(
        id=run.id_of("guardian", cells["reference"]),
        organisation_id=run.scope.organisation_id,
        family_id=run.id_of("family", cells.pop("family_reference")),
        pivot=pivot_of(cells),
        **cells,
    )


def pivot_of(cells: dict[str, Any]) -> Pivot:
    """Take the pivot fields out of the cells of a row."""
    told = {each.name: cells.pop(each.name) for each in fields(Pivot) if each.name in cells}
    return Pivot(**told | {"first_names": tuple(told["first_names"])})
