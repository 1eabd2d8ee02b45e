"""From enrolments.csv to enrolments."""

from chassis.values.tables import Row
from family.children.store import ChildStore
from family.enrolments.contract import ENROLMENT_COLUMNS, EnrolmentRow
from family.enrolments.model import Enrolment, EnrolmentState
from family.enrolments.render import enrolment_changed
from family.enrolments.store import EnrolmentStore
from family.files.imports import ROWS_AT_ONCE, Import


def import_enrolments(run: Import) -> None:
    """Import enrolments of children that stand, each told once."""
    key = ("child_reference", "activity_reference", "school_year")
    found = run.rows("enrolments.csv", EnrolmentRow(), *key)
    known = run.known(
        "child", {row.cells["child_reference"] for row in found}, ChildStore(run.database).known_ids
    )
    good = [row for row in found if row.cells["child_reference"] in known]
    run.faults += [
        row.fault("child_reference", "No child has this reference.")
        for row in found
        if row.cells["child_reference"] not in known
    ]
    for batch in run.progress.batches("enrolments.csv", good, ROWS_AT_ONCE):
        enrolments = [_enrolment_of(run, row) for row in batch]
        run.changed["enrolments"] += EnrolmentStore(run.database).keep_enrolments(
            run.scope, run.stamp, enrolments, enrolment_changed
        )


def _enrolment_of(run: Import, row: Row) -> Enrolment:
    child, activity, year, state = (row.cells[name] for name in ENROLMENT_COLUMNS)
    return Enrolment(
        id=run.id_of("enrolment", f"{child}/{activity}/{year}"),
        organisation_id=run.scope.organisation_id,
        child_id=run.id_of("child", child),
        activity_id=run.id_of("activity", activity),
        school_year=year,
        state=EnrolmentState(state),
    )
