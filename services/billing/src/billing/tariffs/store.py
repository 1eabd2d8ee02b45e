"""The dated versions of tariffs, in MongoDB."""

from collections.abc import Iterable
from datetime import date

from billing.tariffs.model import Tariff
from billing.vocabulary import key
from chassis.storage.documents import Mapper
from chassis.storage.mongo import Db
from chassis.values.scope import Scope

LISTED_MAX = 2_000

MAPPER = Mapper()


class TariffsStore:
    """Read at every quote; written by imports."""

    def __init__(self, database: Db) -> None:
        self._tariffs = database["tariffs"]

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes."""
        version = [("organisation_id", 1), ("activity_id", 1), ("valid_from", 1)]
        database["tariffs"].create_index(version, unique=True, name="tariff")

    def of(self, scope: Scope, activity_ids: Iterable[str]) -> list[Tariff]:
        """Return all versions of the tariffs of some activities."""
        asked = sorted(set(activity_ids))
        if not asked:
            return []
        found = self._tariffs.find({"organisation_id": scope.organisation_id, "activity_id": {"$in": asked}})
        return [MAPPER.from_document(Tariff, each) for each in found]

    def current(self, scope: Scope, today: date) -> list[Tariff]:
        """Return the versions of all tariffs that are valid today or later, by activity and first day."""
        found = self._tariffs.find({"organisation_id": scope.organisation_id}).sort(
            [("activity_id", 1), ("valid_from", 1)]
        )
        tariffs = [MAPPER.from_document(Tariff, each) for each in found.limit(LISTED_MAX)]
        return [each for each in tariffs if each.valid_to is None or each.valid_to >= today]

    def put(self, scope: Scope, tariff: Tariff) -> None:
        """Keep one version of a tariff; its activity and first day name it."""
        name = f"{tariff.activity_id}:{tariff.valid_from.isoformat()}"
        self._tariffs.update_one(
            {"_id": key(scope.organisation_id, name)},
            {"$set": {**MAPPER.to_document(tariff), "organisation_id": scope.organisation_id}},
            upsert=True,
        )
