"""How any file is imported, and from families.csv to files."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from marshmallow import Schema

from chassis.running.progress import Progress
from chassis.storage.mongo import Db
from chassis.values.ids import named_id
from chassis.values.scope import Scope
from chassis.values.tables import Fault, Row, first_of_each, read_table
from family.files.model import Family
from family.files.store import FileStore
from family.files.store.keeping import Stamp

ROWS_AT_ONCE = 500


@dataclass(slots=True)
class Import:
    """One run over one directory for one organisation: what it read and changed, and each fault."""

    database: Db
    directory: Path
    scope: Scope
    stamp: Stamp
    read: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)

    def id_of(self, kind: str, reference: str) -> str:
        """Derive the id of what the organisation's files call `reference`."""
        return named_id(self.scope.organisation_id, kind, reference)

    def known(
        self, kind: str, references: set[str], among: Callable[[Scope, set[str]], set[str]]
    ) -> set[str]:
        """Tell which references stand in the organisation; `among` finds the ids of this kind that do."""
        ids = {self.id_of(kind, reference): reference for reference in references}
        return {ids[each] for each in among(self.scope, set(ids))}

    def known_families(self, references: set[str]) -> set[str]:
        """Tell which references of families stand in the organisation."""
        return self.known("family", references, FileStore(self.database).known_ids)

    def rows(self, file: str, schema: Schema, *key: str) -> Sequence[Row]:
        """Read a file; a line with the `key` of an earlier one is a fault, for only one can be meant."""
        found, faults = read_table(self.directory / file, schema)
        first, doubles = first_of_each(found, key)
        self.faults += [*faults, *doubles]
        self.read[file] += len(found)
        return first


def family_of(run: Import, row: Row) -> Family:
    """Make the file of a row."""
    cells = row.cells
    town = " ".join(part for part in (cells["postcode"], cells["town"]) if part)
    lines = (cells["address_line_1"], cells["address_line_2"], town)
    return Family(
        id=run.id_of("family", cells["reference"]),
        organisation_id=run.scope.organisation_id,
        reference=cells["reference"],
        name=cells["name"],
        language=cells["language"],
        address_lines=tuple(line for line in lines if line),
        phones=(cells["phone"],) if cells["phone"] else (),
    )
