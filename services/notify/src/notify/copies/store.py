"""The memory of what others say: organisations, families and languages, as of the newest event."""

from collections.abc import Collection, Iterable
from datetime import datetime

from pymongo import ASCENDING, UpdateOne
from pymongo.database import Database

from chassis.storage.documents import Document, Form, Mapper
from chassis.storage.inbox import KEPT_S
from chassis.storage.mongo import keep_newest
from chassis.values.scope import Scope
from notify.vocabulary import ChosenLanguage, Contact, Family, KeptSeat, Organisation

MAPPER = Mapper(
    Form(Organisation),
    Form(Family),
    Form(Contact, sparse={"guardian_id"}),
    Form(ChosenLanguage),
    Form(KeptSeat, sparse={"given_up"}),
)


class CopyStore:
    """Organisations, families and the languages of guardians, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self._organisations = database["organisations"]
        self._families = database["families"]
        self._chosen_languages = database["chosen_languages"]
        self._held = database["held_seats"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the indexes: one per query below."""
        database["families"].create_index(
            [("organisation_id", ASCENDING), ("family_id", ASCENDING)], unique=True, name="family"
        )
        database["chosen_languages"].create_index(
            [("organisation_id", ASCENDING), ("guardian_id", ASCENDING)], unique=True, name="of_guardian"
        )
        database["held_seats"].create_index(
            [("organisation_id", ASCENDING), ("booking_id", ASCENDING)], unique=True, name="of_booking"
        )
        database["held_seats"].create_index(
            [("kept_at", ASCENDING)], expireAfterSeconds=KEPT_S, name="kept_62_days"
        )

    def keep_organisation(self, scope: Scope, organisation: Organisation, sequence: int) -> None:
        """Keep an organisation as of `sequence`; what is older than what is known changes nothing."""
        key = {"_id": scope.organisation_id}
        keep_newest(self._organisations, key, MAPPER.to_document(organisation), sequence)

    def organisation(self, scope: Scope) -> Organisation | None:
        """Return the organisation, or None while nothing was heard of it."""
        found = self._organisations.find_one({"_id": scope.organisation_id})
        return MAPPER.from_document(Organisation, found) if found else None

    def keep_language(self, scope: Scope, chosen: ChosenLanguage, sequence: int) -> None:
        """Keep in which language a guardian reads as of `sequence`; what is older changes nothing."""
        key = {"organisation_id": scope.organisation_id, "guardian_id": chosen.guardian_id}
        keep_newest(self._chosen_languages, key, MAPPER.to_document(chosen), sequence)

    def chosen_languages(self, scope: Scope, guardian_ids: Collection[str]) -> dict[str, str]:
        """Return the languages of guardians by their ids; of whom nothing was heard is not there."""
        if not guardian_ids:
            return {}
        found = self._chosen_languages.find(
            {"organisation_id": scope.organisation_id, "guardian_id": {"$in": list(guardian_ids)}}
        )
        return {each["guardian_id"]: each["language"] for each in found}

    def keep_held(self, scope: Scope, seats: Iterable[KeptSeat], now: datetime) -> None:
        """Keep what seats were told as when they were to be paid; the first word counts."""
        writes = [
            UpdateOne(
                {"organisation_id": scope.organisation_id, "booking_id": seat.booking_id},
                {"$setOnInsert": {**MAPPER.to_document(seat), "kept_at": now}},
                upsert=True,
            )
            for seat in seats
        ]
        if writes:
            self._held.bulk_write(writes, ordered=False)

    def give_up(self, scope: Scope, booking_ids: Collection[str]) -> None:
        """Note which of the seats that were told to be paid were given up by their families."""
        if booking_ids:
            self._held.update_many(
                {"organisation_id": scope.organisation_id, "booking_id": {"$in": list(booking_ids)}},
                {"$set": {"given_up": True}},
            )

    def held(self, scope: Scope, booking_ids: Collection[str]) -> dict[str, KeptSeat]:
        """Return the seats that were told to be paid, by their bookings."""
        if not booking_ids:
            return {}
        found = self._held.find(
            {"organisation_id": scope.organisation_id, "booking_id": {"$in": list(booking_ids)}}
        )
        return {each["booking_id"]: MAPPER.from_document(KeptSeat, each) for each in found}

    def keep_family(self, scope: Scope, family: Family, sequence: int) -> None:
        """Keep a family's contacts as of `sequence`; what is older than what is known changes nothing."""
        key = {"organisation_id": scope.organisation_id, "family_id": family.id}
        keep_newest(self._families, key, MAPPER.to_document(family), sequence)

    def family(self, scope: Scope, family_id: str) -> Family | None:
        """Return whom to write to, or None while nothing was heard of the family."""
        key = {"organisation_id": scope.organisation_id, "family_id": family_id}
        found = self._families.find_one(key)
        return MAPPER.from_document(Family, found) if found else None
