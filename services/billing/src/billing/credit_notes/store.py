"""What bookings were charged, and the credit notes that give it back, in MongoDB."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pymongo.client_session import ClientSession

from billing.credit_notes.model import Charge, CreditNote, CreditReason, CreditUse, Movements
from billing.credit_notes.rules import credit, issued, oldest_first, take_over
from billing.ledger.store.journal import FloorReachedError, LedgerStore
from billing.ledger.store.transactions import Stamp, committed, tell
from billing.offices.rules import Series
from billing.offices.store import OfficesStore
from billing.vocabulary import Document, key
from chassis.running.failpoints import failpoint
from chassis.storage.documents import Mapper
from chassis.storage.mongo import Db
from chassis.values.ids import derived_id
from chassis.values.scope import Scope

LISTED_MAX = 500

MAPPER = Mapper()


class CreditNotesStore:
    """`charges` by booking and `credit_notes`; both change only with the journal, in one transaction."""

    def __init__(self, database: Db) -> None:
        self._database = database
        self._charges = database["charges"]
        self._notes = database["credit_notes"]
        self._ledger = LedgerStore(database)
        self._offices = OfficesStore(database)

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes."""
        of_family = [("organisation_id", 1), ("family_id", 1)]
        database["charges"].create_index([*of_family, ("charged_at", 1)], name="charges_of_family")
        notes = database["credit_notes"]
        notes.create_index([*of_family, ("issued_at", 1)], name="credit_notes_of_family")
        notes.create_index([("organisation_id", 1), ("number", 1)], unique=True, name="credit_note_number")

    def charges(
        self, scope: Scope, booking_ids: Iterable[str], session: ClientSession | None = None
    ) -> dict[str, Charge]:
        """Return what bookings were charged, by booking id."""
        keys = [key(scope.organisation_id, booking_id) for booking_id in booking_ids]
        if not keys:
            return {}
        found = self._charges.find({"_id": {"$in": keys}}, session=session)
        return {each["booking_id"]: MAPPER.from_document(Charge, each) for each in found}

    def free(self, scope: Scope, family_id: str, session: ClientSession | None = None) -> list[CreditNote]:
        """Return a family's credit notes of which something is left, oldest first."""
        chosen = {**_of(scope, family_id), "left_cents": {"$gt": 0}}
        found = self._notes.find(chosen, session=session)
        return oldest_first([MAPPER.from_document(CreditNote, each) for each in found])

    def of_other_files(
        self, scope: Scope, family_id: str, uses: Iterable[CreditUse], session: ClientSession | None = None
    ) -> dict[str, str]:
        """Return the ids under which used credit notes were issued, by note; without those of `family_id`."""
        keys = [key(scope.organisation_id, use.credit_note_id) for use in uses]
        if not keys:
            return {}
        others = {"_id": {"$in": keys}, "family_id": {"$ne": family_id}}
        found = self._notes.find(others, {"id": 1, "family_id": 1, "_id": 0}, session=session)
        return {each["id"]: each["family_id"] for each in found}

    def of_bookings(self, scope: Scope, family_id: str, booking_ids: Iterable[str]) -> list[CreditNote]:
        """Return the credit notes that give these bookings of a family back, whichever way they came."""
        keys = [key(scope.organisation_id, credit_note_id_of(each)) for each in booking_ids]
        found = self._notes.find({"_id": {"$in": keys}, **_of(scope, family_id)}).sort("number", 1)
        return [MAPPER.from_document(CreditNote, each) for each in found]

    def get(self, scope: Scope, family_id: str, credit_note_id: str) -> CreditNote | None:
        """Return one of a family's credit notes."""
        named = {"_id": key(scope.organisation_id, credit_note_id)}
        found = self._notes.find_one({**named, **_of(scope, family_id)})
        return MAPPER.from_document(CreditNote, found) if found else None

    def history(self, scope: Scope, family_id: str) -> list[CreditNote]:
        """Return a family's credit notes, used ones too, the latest first."""
        found = self._notes.find(_of(scope, family_id)).sort("issued_at", -1).limit(LISTED_MAX)
        return [MAPPER.from_document(CreditNote, each) for each in found]

    def credit(self, scope: Scope, booking_id: str, reason: CreditReason, stamp: Stamp) -> bool:
        """Give back what a booking was charged as a credit note; False when that is nothing."""

        def work(session: ClientSession) -> bool:
            charge = self.charges(scope, [booking_id], session).get(booking_id)
            if charge is None:
                return False
            moved = credit(charge, credit_note_id_of(booking_id), reason, stamp.at)
            self.carry_out(session, scope, moved, stamp)
            failpoint("billing.credit.inside_commit")
            return bool(moved.issued)

        return committed(self._database, work)

    def take_over(self, scope: Scope, charges: Sequence[Charge], stamp: Stamp) -> int:
        """Keep what was paid before this program kept the books; returns how much was not kept already."""

        def work(session: ClientSession) -> int:
            asked = {each.booking_id: each for each in reversed(charges)}  # of one told twice, the first
            new = asked.keys() - self.charges(scope, asked, session).keys()
            for booking_id in new:
                self.carry_out(session, scope, take_over(asked[booking_id]), stamp)
            return len(new)

        return committed(self._database, work)

    def carry_out(self, session: ClientSession, scope: Scope, moved: Movements, stamp: Stamp) -> None:
        """Keep what a decision moves, in its transaction; new notes get their numbers and are told.

        FloorReachedError when less is left, of a credit note, a charge or an account, than is taken.
        """
        new = self.keep(session, scope, moved, stamp)
        tell(self._database, session, scope, [issued(note) for note in new], stamp)

    def keep(self, session: ClientSession, scope: Scope, moved: Movements, stamp: Stamp) -> list[CreditNote]:
        """Keep what a decision moves, as `carry_out`, and return the new notes, which the caller tells of."""
        for entry in moved.entries:
            self._ledger.write(session, scope, entry, stamp)
        new = [self._issue(session, scope, note, stamp) for note in moved.issued]
        self._use(session, scope, moved)
        self._charge(session, scope, moved)
        self._give_back(session, scope, moved)
        return new

    def _issue(self, session: ClientSession, scope: Scope, note: CreditNote, stamp: Stamp) -> CreditNote:
        number = self._offices.take_number(session, scope, Series.CREDIT_NOTE, note.office, stamp.at)
        numbered = replace(note, number=number)
        document = _document(scope, note.id, numbered)
        self._notes.insert_one({**document, "actor": stamp.actor.as_document()}, session=session)
        return numbered

    def _use(self, session: ClientSession, scope: Scope, moved: Movements) -> None:
        for use in moved.used:
            done = self._notes.update_one(
                {
                    "_id": key(scope.organisation_id, use.credit_note_id),
                    "left_cents": {"$gte": use.amount_cents},
                },
                {"$inc": {"left_cents": -use.amount_cents}},
                session=session,
            )
            if not done.matched_count:
                raise FloorReachedError(f"credit note {use.credit_note_id}")

    def _charge(self, session: ClientSession, scope: Scope, moved: Movements) -> None:
        if moved.charged:
            documents = [_document(scope, charge.booking_id, charge) for charge in moved.charged]
            self._charges.insert_many(documents, session=session)

    def _give_back(self, session: ClientSession, scope: Scope, moved: Movements) -> None:
        for booking_id, cents in moved.credited:
            enough = {"$lte": [{"$add": ["$credited_cents", cents]}, "$charged_cents"]}
            done = self._charges.update_one(
                {"_id": key(scope.organisation_id, booking_id), "$expr": enough},
                {"$inc": {"credited_cents": cents}},
                session=session,
            )
            if not done.matched_count:
                raise FloorReachedError(f"charge of booking {booking_id}")


def credit_note_id_of(booking_id: str) -> str:
    """Return the id of the credit note of a booking, the same by whichever way it is asked for."""
    return derived_id("credit_note", booking_id)


def _of(scope: Scope, family_id: str) -> Document:
    return {"organisation_id": scope.organisation_id, "family_id": {"$in": scope.file_of(family_id)}}


def _document(scope: Scope, name: str, thing: Charge | CreditNote) -> Document:
    named = {"_id": key(scope.organisation_id, name), "organisation_id": scope.organisation_id}
    return {**MAPPER.to_document(thing), **named}
