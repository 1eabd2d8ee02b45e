"""Settings of organisations: what each of them decides for itself, kept by the service that owns the keys.

A service subclasses `SettingsStore` with its frozen dataclass, in which every key has a default and `version`
counts the changes. Each change is kept with who made it, and told in the transaction that makes it. What an
operator decides for all organisations is no setting but an environment variable; it may say what holds where
an organisation decided nothing.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar, cast

from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis.storage import outbox
from chassis.storage.documents import Document, Form, Mapper
from chassis.storage.mongo import in_transaction
from chassis.values.actor import Actor
from chassis.values.cache import Cache
from chassis.values.ids import new_id
from chassis.values.scope import Scope

S = TypeVar("S")

KEPT_S = 1.0
"""How old the settings may be that `read` gives: it is asked at every call."""
ORGANISATIONS_MAX = 1_000


class SettingsStore(Generic[S]):
    """The settings of organisations of one service, in one database.

    `kind` is the dataclass, with a field `version`; `event` is what tells of a change: all settings, with the
    version as sequence.
    """

    kind: ClassVar[type[Any]]
    event: ClassVar[str]

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
        self._mapper = Mapper(Form(self.kind))
        self._kept: Cache[str, S] = Cache(KEPT_S, ORGANISATIONS_MAX)

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.settings_changes.create_index(
            [("organisation_id", ASCENDING), ("version", ASCENDING)], unique=True, name="settings_change"
        )

    def read(self, scope: Scope) -> S:
        """Return the organisation's settings; what it never decided is as the defaults say."""
        return self._kept.get_or(scope.organisation_id, lambda: self._found(scope))

    def put(self, scope: Scope, wanted: S, *, actor: Actor, at: datetime, request_id: str) -> S | None:
        """Keep settings whose `version` is the one that was seen; return them with the next.

        None, and nothing is kept, when somebody changed them since.
        """
        seen: int = cast("Any", wanted).version
        changed: S = replace(cast("Any", wanted), version=seen + 1)
        document = self._mapper.to_document(changed)
        of = {"organisation_id": scope.organisation_id}

        def work(session: ClientSession) -> bool:
            if cast("Any", self._found(scope, session)).version != seen:
                return False
            self._database.settings.replace_one(
                {"_id": scope.organisation_id}, document, upsert=True, session=session
            )
            change = {"_id": new_id(), **of, **document, "at": at, "actor": actor.as_document()}
            self._database.settings_changes.insert_one(change, session=session)
            row = outbox.row(
                self.event,
                context_or_org=scope.organisation_id,
                aggregate_id=scope.organisation_id,
                sequence=seen + 1,
                data={**of, **document},
                occurred_at=at,
                request_id=request_id,
                actor=actor,
            )
            self._database.outbox.insert_one(row, session=session)
            return True

        kept = in_transaction(self._database, work)
        self._kept.drop(scope.organisation_id)
        return changed if kept else None

    def undecided(self) -> Document:
        """Say what holds of keys that an organisation never decided, where an operator says it for all.

        Of those that are not named here the defaults of the class hold.
        """
        return {}

    def _found(self, scope: Scope, session: ClientSession | None = None) -> S:
        found = self._database.settings.find_one({"_id": scope.organisation_id}, session=session)
        return cast("S", self._mapper.from_document(self.kind, {**self.undecided(), **(found or {})}))
