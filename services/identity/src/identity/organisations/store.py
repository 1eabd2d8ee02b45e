"""The memory of organisations. They are the tenants themselves, and anybody may ask for one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis.running.failpoints import failpoint
from chassis.storage import outbox
from chassis.storage.documents import KEY, SCHEMA_VERSION, Document, Form, Mapper
from chassis.storage.migrations.plan import BATCH
from chassis.storage.mongo import COMMAND_PATIENCE_S, in_transaction
from chassis.storage.organisation_settings import SettingsStore
from chassis.values.actor import Actor
from chassis.values.scope import Scope
from identity.organisations import rules
from identity.organisations.model import Appearance, IdentitySettings, Organisation

VERSION = 2
"""What is of the first version was told without colour and help desk, under the sequence that it has."""
MAPPER = Mapper(Form(Organisation, names=KEY, version=VERSION))
DataOf = Callable[[Organisation], Document]
"""Makes the data of organisation_changed."""
INDEXES = [IndexModel([("slug", ASCENDING)], unique=True)]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a change was made, in the course of which request, and by whom."""

    now: datetime
    request_id: str
    actor: Actor = field(default_factory=lambda: Actor("operator"))


class OrganisationStore:
    """Organisations, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.organisations.create_indexes(INDEXES)

    def organisation_by_slug(self, slug: str) -> Organisation | None:
        """Find the organisation that addresses call so; anybody may ask."""
        document = self.database.organisations.find_one({"slug": slug})
        return MAPPER.from_document(Organisation, document) if document else None

    def organisations(self, ids: Iterable[str]) -> dict[str, Organisation]:
        """Find several organisations by id."""
        found = self.database.organisations.find({"_id": {"$in": list(ids)}})
        return {document["_id"]: MAPPER.from_document(Organisation, document) for document in found}

    def ids(self) -> list[str]:
        """Return the ids of all organisations; for an operator's command."""
        return [str(each) for each in self.database.organisations.distinct("_id")]

    def keep_organisation(
        self, wanted: Organisation, event_data: Document, now: datetime, request_id: str
    ) -> bool:
        """Keep an imported organisation with its event; False if it already stands so.

        Call `show_organisation` after it, whatever it gives: an import that was cut short is repeated.
        """

        def work(session: ClientSession) -> bool:
            document = self.database.organisations.find_one({"_id": wanted.id}, session=session)
            kept = rules.imported_organisation(
                MAPPER.from_document(Organisation, document) if document else None, wanted
            )
            if kept is None:
                return False
            self.database.organisations.replace_one(
                {"_id": kept.id}, MAPPER.to_document(kept), upsert=True, session=session
            )
            row = _told(kept, event_data, Stamp(now, request_id))
            self.database.outbox.insert_one(row, session=session)
            failpoint("identity.organisation.inside_commit")
            return True

        failpoint("identity.organisation.before_commit")
        changed = in_transaction(self.database, work, COMMAND_PATIENCE_S)
        failpoint("identity.organisation.after_commit")
        return changed

    def dress(self, scope: Scope, wanted: Appearance, data_of: DataOf, stamp: Stamp) -> Organisation | None:
        """Show the organisation as its people want, and tell it; None if it was changed since they looked."""

        def work(session: ClientSession) -> Organisation | None:
            document = self.database.organisations.find_one({"_id": scope.organisation_id}, session=session)
            stored = MAPPER.from_document(Organisation, document) if document else None
            kept = rules.dressed(stored, wanted) if stored else None
            if kept is not None:
                self._keep(kept, _told(kept, data_of(kept), stamp), session)
            return kept

        return in_transaction(self.database, work)

    def tell_some_anew(self, data_of: DataOf, now: datetime, request_id: str) -> int:
        """Tell some organisations of the first version under their next sequence; how many there were.

        A step of a migration: copies that were made of what was told before lack colour and help desk, and
        let pass what comes under a sequence that they know.
        """
        left = self.database.organisations.find({SCHEMA_VERSION: {"$not": {"$gte": VERSION}}})
        found = [MAPPER.from_document(Organisation, each) for each in left.limit(BATCH)]
        for each in found:
            told = replace(each, sequence=each.sequence + 1)
            row = _told(told, data_of(told), Stamp(now, request_id))
            in_transaction(self.database, partial(self._keep, told, row), COMMAND_PATIENCE_S)
        return len(found)

    def _keep(self, organisation: Organisation, row: Document, session: ClientSession) -> None:
        """Keep an organisation with its event, unless another change came first."""
        before = {"_id": organisation.id, "sequence": organisation.sequence - 1}
        document = MAPPER.to_document(organisation)
        if self.database.organisations.replace_one(before, document, session=session).matched_count:
            self.database.outbox.insert_one(row, session=session)

    def republish(
        self, organisation: Organisation, event_data: Document, now: datetime, request_id: str
    ) -> None:
        """Tell an organisation as it stands, under the sequence it has: who has heard that lets it pass."""
        self.database.outbox.insert_one(_told(organisation, event_data, Stamp(now, request_id)))


class IdentitySettingsStore(SettingsStore[IdentitySettings]):
    """What organisations decide about sessions."""

    kind = IdentitySettings
    event = "identity_settings_changed"


def _told(organisation: Organisation, data: Document, stamp: Stamp) -> Document:
    return outbox.row(
        "organisation_changed",
        context_or_org=organisation.id,
        aggregate_id=organisation.id,
        sequence=organisation.sequence,
        data=data,
        occurred_at=stamp.now,
        request_id=stamp.request_id,
        actor=stamp.actor,
    )
