"""From children.csv to children; where they belong follows from guardianships."""

from chassis.values.tables import Row
from family.children import rules
from family.children.contract import ChildRow
from family.children.model import Child
from family.files.imports import Import
from family.files.store import FamilySettingsStore
from family.people.imports import pivot_of


def children_told(run: Import) -> list[Child]:
    """Read the children of files that stand, each in the files that its line names."""
    found = run.rows("children.csv", ChildRow(), "reference")
    named = {reference for row in found for reference in row.cells["family_references"]}
    known = run.known_families(named)
    age_max_years = FamilySettingsStore(run.database).read(run.scope).child_age_max_years
    good = [row for row in found if _is_good(run, row, known, age_max_years)]
    return [_child_of(run, row) for row in good]


def _is_good(run: Import, row: Row, known: set[str], age_max_years: int) -> bool:
    if fault := rules.families_fault(row.cells["family_references"], known):
        run.faults.append(row.fault("family_references", fault))
        return False
    if not rules.is_birth_plausible(row.cells["birth_on"], run.stamp.at.date(), age_max_years):
        run.faults.append(row.fault("birth_on", "Nobody of this age is in care."))
        return False
    return True


def _child_of(run: Import, row: Row) -> Child:
    cells = dict(row.cells)
    families = cells.pop("family_references")
    return Child(
        id=run.id_of("child", cells["reference"]),
        organisation_id=run.scope.organisation_id,
        family_ids=tuple(run.id_of("family", reference) for reference in families),
        pivot=pivot_of(cells),
        **cells,
    )
