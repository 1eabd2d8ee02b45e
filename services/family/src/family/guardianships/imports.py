"""From children.csv and guardianships.csv to children, what is stated of them, and what follows from both."""

from chassis.values.ids import named_id
from chassis.values.tables import Row
from family.children.imports import children_told
from family.children.render import child_changed
from family.children.store import ChildStore
from family.files.imports import ROWS_AT_ONCE, Import
from family.guardianships.contract import GuardianshipRow
from family.guardianships.model import Guardianship
from family.guardianships.store import GuardianshipStore
from family.people.store import PeopleStore


def import_children(run: Import) -> None:
    """Import children and what is stated of them and adults, and have stand what follows from both.

    Each child that changed, or is elsewhere now because of its adults, is told once, in the files of today.
    """
    told = {child.id: child for child in children_told(run)}
    children, guardianships = ChildStore(run.database), GuardianshipStore(run.database)
    stated = guardianships.state(run.scope, _stated(run, set(told)))
    every = [*told, *(each for each in children.ids(run.scope) if each not in told)]
    for ids in run.progress.batches("children.csv", every, ROWS_AT_ONCE):
        stand = {each.id: each for each in children.as_told(run.scope, ids)}
        wanted = list((stand | {each: told[each] for each in ids if each in told}).values())
        settled = guardianships.in_files(run.scope, wanted, run.stamp.at.date())
        run.changed["children"] += children.keep_children(run.scope, run.stamp, settled, child_changed)
    run.changed["guardianships"] += stated + guardianships.follow_files(run.scope)


def _stated(run: Import, told: set[str]) -> list[Guardianship]:
    """Read what the file states of adults that stand, and of children that stand or are being told."""
    columns = ("guardian_reference", "child_reference")
    found = run.rows("guardianships.csv", GuardianshipRow(), *columns)
    children = ChildStore(run.database)
    known = {
        "guardian": (PeopleStore(run.database).known_ids, "No guardian has this reference."),
        "child": (
            lambda scope, ids: (ids & told) | children.known_ids(scope, ids),
            "No child has this reference.",
        ),
    }
    good = found
    for kind, (among, fault) in known.items():
        column = f"{kind}_reference"
        standing = run.known(kind, {row.cells[column] for row in good}, among)
        run.faults += [row.fault(column, fault) for row in good if row.cells[column] not in standing]
        good = [row for row in good if row.cells[column] in standing]
    return [_guardianship_of(run, row) for row in good]


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
