"""Cash offices, the series in which each numbers its documents, and settings of organisations, in MongoDB."""

from datetime import datetime

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession

from billing.copies.store import CopiesStore
from billing.offices.model import BillingSettings, CashOffice
from billing.offices.rules import Series, number_of, year_of
from billing.vocabulary import key
from chassis.storage.documents import Mapper
from chassis.storage.mongo import Db
from chassis.storage.organisation_settings import SettingsStore
from chassis.values.scope import Scope

MAPPER = Mapper()


class OfficesStore:
    """The cash offices of an organisation: `cash_offices`, and the last number of each of their `series`."""

    def __init__(self, database: Db) -> None:
        self._offices = database["cash_offices"]
        self._series = database["series"]
        self._copies = CopiesStore(database)

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes."""
        database["cash_offices"].create_index(
            [("organisation_id", 1), ("id", 1)], unique=True, name="cash_office"
        )
        database["series"].create_index([("organisation_id", 1), ("year", 1)], name="series")

    def all(self, scope: Scope) -> list[CashOffice]:
        """Return the cash offices of the organisation."""
        found = self._offices.find({"organisation_id": scope.organisation_id}).sort("id", 1)
        return [MAPPER.from_document(CashOffice, each) for each in found]

    def put(self, scope: Scope, office: CashOffice) -> None:
        """Keep a cash office. Its wallets carry its name too: see `WalletsStore.rename_office`."""
        self._offices.update_one(
            {"_id": key(scope.organisation_id, office.id)},
            {"$set": {**MAPPER.to_document(office), "organisation_id": scope.organisation_id}},
            upsert=True,
        )

    def take_number(
        self, session: ClientSession, scope: Scope, series: Series, office: CashOffice, now: datetime
    ) -> str:
        """Return the next number of a series; a transaction that fails gives it back, hence no gap."""
        year = year_of(now, self._copies.time_zone(scope, session))
        found = self._series.find_one_and_update(
            {"_id": key(scope.organisation_id, f"{series}:{office.id}:{year}")},
            {
                "$inc": {"last": 1},
                "$setOnInsert": {
                    "organisation_id": scope.organisation_id,
                    "office": MAPPER.to_document(office),
                    "year": year,
                },
            },
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        if found is None:
            raise LookupError("an upsert that returns the new document returns one")
        return number_of(series, office, year, int(found["last"]))


class BillingSettingsStore(SettingsStore[BillingSettings]):
    """What organisations decide about their money."""

    kind = BillingSettings
    event = "billing_settings_changed"
