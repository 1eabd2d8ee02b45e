"""The memory of organisations. They are the tenants themselves, and anybody may ask for one."""

from collections.abc import Iterable
from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis.running.failpoints import failpoint
from chassis.storage import outbox
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import COMMAND_PATIENCE_S, in_transaction
from chassis.storage.organisation_settings import SettingsStore
from chassis.values.actor import Actor
from identity.organisations import rules
from identity.organisations.model import IdentitySettings, Organisation

MAPPER = Mapper(Form(Organisation, names=KEY))
INDEXES = [IndexModel([("slug", ASCENDING)], unique=True)]


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
            row = _told(kept, event_data, now, request_id)
            self.database.outbox.insert_one(row, session=session)
            failpoint("identity.organisation.inside_commit")
            return True

        failpoint("identity.organisation.before_commit")
        changed = in_transaction(self.database, work, COMMAND_PATIENCE_S)
        failpoint("identity.organisation.after_commit")
        return changed

    def republish(
        self, organisation: Organisation, event_data: Document, now: datetime, request_id: str
    ) -> None:
        """Tell an organisation as it stands, under the sequence it has: who has heard that lets it pass."""
        self.database.outbox.insert_one(_told(organisation, event_data, now, request_id))


class IdentitySettingsStore(SettingsStore[IdentitySettings]):
    """What organisations decide about sessions."""

    kind = IdentitySettings
    event = "identity_settings_changed"


def _told(organisation: Organisation, data: Document, now: datetime, request_id: str) -> Document:
    return outbox.row(
        "organisation_changed",
        context_or_org=organisation.id,
        aggregate_id=organisation.id,
        sequence=organisation.sequence,
        data=data,
        occurred_at=now,
        request_id=request_id,
        actor=Actor("operator"),
    )
