"""What organisations offer: centres, activities, periods, holidays and closures, imported by booking itself.

An offer is small and changes by import only; it is read whole and remembered for two seconds per process.
What a booking consumes is checked in the seats document, never here.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from pymongo import ASCENDING, ReplaceOne
from pymongo.database import Database

from booking.copies.store import Organisations
from booking.offer.model import Activity, BookingSettings, Centre, Closure, Gauge, Offer, Period
from booking.settings import settings
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.organisation_settings import SettingsStore
from chassis.values.cache import Cache
from chassis.values.errors import Refused
from chassis.values.scope import Scope

CACHE_S = 2.0
ORGANISATIONS_MAX = 2_000
_COLLECTIONS = ("centres", "activities", "periods", "days_off")
_HOLIDAY = "holiday"
MAPPER = Mapper(
    Form(Activity, names=KEY, unwritten={"organisation_id"}),
    Form(Gauge, unwritten={"taken"}),
    Form(Period, names=KEY),
    Form(Centre, names=KEY),
    Form(Closure),
)


class BookingSettingsStore(SettingsStore[BookingSettings]):
    """What organisations decide about bookings; who decided nothing has what the operator says."""

    kind = BookingSettings
    event = "booking_settings_changed"

    def undecided(self) -> Document:
        """Say how long the operator lets seats be held."""
        return {"hold_s": settings().hold_s, "promoted_hold_s": settings().promoted_hold_s}


class Offers:
    """Everything an organisation offers, as one `Offer`."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
        self._organisations, self._settings = Organisations(database), BookingSettingsStore(database)
        self._read_lately: Cache[str, Offer] = Cache(CACHE_S, ORGANISATIONS_MAX)

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Every collection of the offer is read by organisation."""
        for name in _COLLECTIONS:
            database[name].create_index([("organisation_id", ASCENDING)], name=f"{name}_of_organisation")

    def known(self, scope: Scope) -> Offer:
        """The offer of the scope's organisation, two seconds old at most.

        An organisation that was never heard of offers nothing: Refused("not_found").
        """
        offer = self._read_lately.get(scope.organisation_id)
        if offer is None:
            asked_at = self._read_lately.clock()
            offer = self.current(scope)
            self._read_lately.put(scope.organisation_id, offer, asked_at=asked_at)
        return offer

    def read(self, scope: Scope) -> Offer | None:
        """The offer as it is now; None for an organisation that was never heard of."""
        organisation = self._organisations.find(scope)
        if organisation is None:
            return None
        own = {"organisation_id": scope.organisation_id}
        rows = {name: list(self._database[name].find(own)) for name in _COLLECTIONS}
        centres = (MAPPER.from_document(Centre, row) for row in rows["centres"])
        activities = (MAPPER.from_document(Activity, row) for row in rows["activities"])
        periods = (MAPPER.from_document(Period, row) for row in rows["periods"])
        holidays = (row for row in rows["days_off"] if row["kind"] == _HOLIDAY)
        closures = (row for row in rows["days_off"] if row["kind"] != _HOLIDAY)
        return Offer(
            organisation=organisation,
            centres={centre.id: centre for centre in centres},
            activities={activity.id: activity for activity in activities},
            periods=tuple(sorted(periods, key=lambda period: (period.starts_on, period.id))),
            holidays={date.fromisoformat(row["day"]): row["name"] for row in holidays},
            closures=tuple(MAPPER.from_document(Closure, row) for row in closures),
            school_year_starts_on=self._settings.read(scope).school_year_starts_on,
        )

    def keep_centres(self, scope: Scope, centres: Sequence[Centre]) -> None:
        """Add or replace centres."""
        self._replace("centres", scope, map(MAPPER.to_document, centres))

    def keep_activities(self, scope: Scope, activities: Sequence[Activity]) -> None:
        """Add or replace activities."""
        self._replace("activities", scope, map(MAPPER.to_document, activities))

    def keep_periods(self, scope: Scope, periods: Sequence[Period]) -> None:
        """Add or replace periods."""
        self._replace("periods", scope, map(MAPPER.to_document, periods))

    def keep_holidays(self, scope: Scope, holidays: dict[date, str]) -> None:
        """Add or rename public holidays."""
        rows = (
            {
                "_id": f"{scope.organisation_id}:{day}",
                "kind": _HOLIDAY,
                "day": day.isoformat(),
                "name": name,
            }
            for day, name in holidays.items()
        )
        self._replace("days_off", scope, rows)

    def keep_closures(self, scope: Scope, closures: Sequence[Closure]) -> None:
        """Add or rename closures and school holidays; a closure is known by its kind, centre and days."""
        rows = ({"_id": _closure_key(scope, closure), **MAPPER.to_document(closure)} for closure in closures)
        self._replace("days_off", scope, rows)

    def drop_closure(self, scope: Scope, closure: Closure) -> None:
        """Take a closure out again."""
        who = {"_id": _closure_key(scope, closure), "organisation_id": scope.organisation_id}
        self._database["days_off"].delete_one(who)
        self._read_lately.drop(scope.organisation_id)

    def current(self, scope: Scope) -> Offer:
        """The offer as it is now; Refused("not_found") for an organisation that was never heard of."""
        offer = self.read(scope)
        if offer is None:
            raise Refused("not_found", "the organisation is not known here")
        return offer

    def _replace(self, collection: str, scope: Scope, rows: Iterable[Document]) -> None:
        own = {"organisation_id": scope.organisation_id}
        writes = [ReplaceOne({"_id": row["_id"], **own}, {**row, **own}, upsert=True) for row in rows]
        if writes:
            self._database[collection].bulk_write(writes, ordered=False)
        self._read_lately.drop(scope.organisation_id)


def _closure_key(scope: Scope, closure: Closure) -> str:
    parts = (
        scope.organisation_id,
        closure.kind.value,
        closure.centre_id or "",
        closure.starts_on,
        closure.ends_on,
    )
    return ":".join(str(part) for part in parts)
