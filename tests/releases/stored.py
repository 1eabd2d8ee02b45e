"""Databases as text: a gzipped file for each service, a document of extended JSON on each line.

The canonical form keeps every type that BSON knows. Keys stay in the order in which they were stored,
because a part of a document equals another only in the same order; documents stay in theirs, because what
nobody sorts is told in it. No file holds a date of its own, so that the same databases give the same bytes.
Indexes are left out: every release makes its own when it starts.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bson import json_util
from pymongo import ASCENDING
from pymongo.database import Database

Databases = Mapping[str, Database[dict[str, Any]]]

HERE = Path(__file__).parent
SENT = {"outbox": {"pending": {"$exists": False}}}
"""What is left out: rows of outboxes that were sent, which a release keeps for a week to tell again."""
AT_ONCE = 500
CANONICAL = json_util.CANONICAL_JSON_OPTIONS.with_options(tz_aware=True)


@dataclass(frozen=True)
class Origin:
    """When a dump was made, and how to come in.

    `identity_pepper` is what its passwords were hashed with, and `password` the one that all people have:
    both are invented, and guard nothing else. `token` is of a session that was open then, and `login` whose.
    """

    made_at: str
    identity_pepper: str
    password: str
    login: str
    token: str

    @property
    def age(self) -> timedelta:
        """How long ago the programs were switched off."""
        return datetime.now(UTC) - datetime.fromisoformat(self.made_at)


def origin(directory: Path) -> Origin:
    return Origin(**read_json(directory / "origin.json"))


def write_json(path: Path, told: Any) -> None:
    """Write what can be read as it is, or compressed where the name ends with .gz."""
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if path.suffix == ".gz" else text.encode())


def read_json(path: Path) -> Any:
    content = path.read_bytes()
    return json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)


def save(databases: Databases, directory: Path) -> None:
    """Write what is in the databases of the services to `directory`."""
    for service, database in databases.items():
        text = "".join(_lines(database))
        _file(directory, service).write_bytes(gzip.compress(text.encode(), mtime=0))


def load(directory: Path, databases: Databases) -> None:
    """Put a dump into databases that are empty, as it was stored."""
    for service, database in databases.items():
        for name, documents in read(directory, service).items():
            for first in range(0, len(documents), AT_ONCE):
                database[name].insert_many(documents[first : first + AT_ONCE])


def read(directory: Path, service: str) -> dict[str, list[dict[str, Any]]]:
    """Give the documents of a service by their collection."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in gzip.decompress(_file(directory, service).read_bytes()).decode().splitlines():
        name, document = json_util.loads(line, json_options=CANONICAL)
        found.setdefault(name, []).append(document)
    return found


def _file(directory: Path, service: str) -> Path:
    return directory / f"{service}.jsonl.gz"


def _lines(database: Database[dict[str, Any]]) -> Iterator[str]:
    for name in sorted(database.list_collection_names()):
        kept = {"$nor": [SENT[name]]} if name in SENT else {}
        for document in database[name].find(kept).sort("$natural", ASCENDING):
            yield json_util.dumps([name, document], json_options=CANONICAL) + "\n"
