"""Copies of what others told last: organisations (identity) and families (family), in MongoDB."""

from pymongo.client_session import ClientSession

from billing.copies.model import Family, Issuer
from billing.vocabulary import key
from chassis.storage.documents import Mapper
from chassis.storage.mongo import Db, keep_newest
from chassis.values.scope import Scope

DEFAULT_TIME_ZONE = "Europe/Paris"
"""Until identity has told an organisation's own."""

MAPPER = Mapper()


class CopiesStore:
    """The newest word of each organisation and family."""

    def __init__(self, database: Db) -> None:
        self._organisations = database["organisations"]
        self._families = database["families"]

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes."""
        database["organisations"].create_index("slug", name="organisation_slug")

    def keep_organisation(
        self, scope: Scope, slug: str, time_zone: str, sequence: int, issuer: Issuer | None = None
    ) -> None:
        """Keep what identity told of the organisation, unless something newer is known."""
        shown = MAPPER.to_document(issuer or Issuer())
        values = {"slug": slug, "time_zone": time_zone, "issuer": shown}
        keep_newest(self._organisations, {"_id": scope.organisation_id}, values, sequence)

    def time_zone(self, scope: Scope, session: ClientSession | None = None) -> str:
        """Return the organisation's time zone."""
        chosen = {"_id": scope.organisation_id}
        found = self._organisations.find_one(chosen, {"time_zone": 1}, session=session)
        return str(found["time_zone"]) if found else DEFAULT_TIME_ZONE

    def issuer(self, scope: Scope) -> Issuer:
        """Return what documents say of the organisation."""
        found = self._organisations.find_one({"_id": scope.organisation_id}, {"issuer": 1}) or {}
        return MAPPER.from_document(Issuer, found["issuer"]) if "issuer" in found else Issuer()

    def keep_family(self, scope: Scope, family_id: str, family: Family, sequence: int) -> None:
        """Keep what family told of a family, unless something newer is known."""
        named = {"organisation_id": scope.organisation_id, "family_id": family_id}
        values = {**named, **MAPPER.to_document(family)}
        keep_newest(self._families, {"_id": key(scope.organisation_id, family_id)}, values, sequence)

    def family(self, scope: Scope, family_id: str) -> Family:
        """Return what is known of a family."""
        found = self._families.find_one({"_id": key(scope.organisation_id, family_id)})
        return MAPPER.from_document(Family, found) if found else Family()
