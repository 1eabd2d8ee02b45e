"""From guardianships.csv to what is stated, and from files to what follows from them."""

from chassis.values.ids import named_id
from chassis.values.tables import Row
from family.children.store import ChildStore
from family.files.imports import Import
from family.guardianships.contract import GuardianshipRow
from family.guardianships.model import Guardianship
from family.guardianships.store import GuardianshipStore
from family.people.store import PeopleStore


def import_guardianships(run: Import) -> None:
    """Keep what the file states of adults and children that stand, and then what follows from all files."""
    columns = ("guardian_reference", "child_reference")
    found = run.rows(
        "guardianships.csv", GuardianshipRow(), lambda row: tuple(row.cells[name] for name in columns)
    )
    known = {
        "guardian": (PeopleStore(run.database).known_ids, "No guardian has this reference."),
        "child": (ChildStore(run.database).known_ids, "No child has this reference."),
    }
    good = found
    for kind, (among, fault) in known.items():
        column = f"{kind}_reference"
        standing = run.known(kind, {row.cells[column] for row in good}, among)
        run.faults += [row.fault(column, fault) for row in good if row.cells[column] not in standing]
        good = [row for row in good if row.cells[column] in standing]
    store = GuardianshipStore(run.database)
    stated = store.state(run.scope, [_guardianship_of(run, row) for row in good])
    run.changed["guardianships"] += stated + store.follow_files(run.scope)


def _guardianship_of(run: Import, row: Row) -> Guardianship:
    cells = dict(row.cells)
    adult_id = run.id_of("guardian", cells.pop("guardian_reference"))
    child_id = run.id_of("child", cells.pop("child_reference"))
    return Guardianship(
        id=named_id(run.scope.organisation_id, "guardianship", f"{adult_id}/{child_id}"),
        organisation_id=run.scope.organisation_id,
        adult_id=adult_id,
        child_id=child_id,
        stated=True,
        **cells,
    )
