"""Settlements in MongoDB: each decision is read, taken and kept in one transaction, with all that follows."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from billing.credit_notes.model import CreditUse
from billing.credit_notes.rules import charged_to
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.store.transactions import Stamp, committed, tell
from billing.settlements.model import Effects, Order, Part, PartState, Settlement
from billing.settlements.rules import settling
from billing.settlements.rules.announcements import announcements
from billing.vocabulary import Document, key
from chassis.running.failpoints import failpoint
from chassis.storage.documents import Form, Mapper
from chassis.storage.expiry import let_go
from chassis.storage.inbox import KEPT_S
from chassis.storage.mongo import Db
from chassis.values.errors import Refused
from chassis.values.scope import Scope

DUE_MAX = 100
LOOK_AGAIN = timedelta(seconds=30)
MAPPER = Mapper(
    Form(CreditUse, as_array=True),
    Form(Part, names={"attempt_id": "payment_id"}, sparse={"quarantines"}),
    Form(Settlement, sparse={"promotion", "actor"}),
)


class SettlementsStore:
    """What confirmations and promotions owe; `promotions` remembers seats that were given back first."""

    def __init__(self, database: Db) -> None:
        self._database = database
        self._settlements = database["settlements"]
        self._promotions = database["promotions"]
        self._notes = CreditNotesStore(database)

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes; those that lead with another field than the organisation serve the timers."""
        settlements, waiting = database["settlements"], {"release_at": {"$exists": True}}
        settlements.create_index(
            [("organisation_id", 1), ("parts.lines.booking_id", 1)], name="settlement_of_booking"
        )
        settlements.create_index(
            [("organisation_id", 1), ("family_id", 1), ("release_at", 1)],
            partialFilterExpression=waiting,
            name="settlements_due",
        )
        settlements.create_index("release_at", partialFilterExpression=waiting, name="settlements_overdue")
        # As long as an event may come again, which is as long as an inbox would know it.
        let_go(
            database["promotions"], "at", KEPT_S, name="promotions_kept_62_days", instead_of="promotions_kept"
        )

    def get(
        self, scope: Scope, settlement_id: str, session: ClientSession | None = None
    ) -> Settlement | None:
        """Return a settlement by its id."""
        found = self._settlements.find_one(
            {"_id": key(scope.organisation_id, settlement_id)}, session=session
        )
        return MAPPER.from_document(Settlement, found) if found else None

    def settle(self, scope: Scope, order: Order, stamp: Stamp) -> Settlement:
        """Return the settlement of an order, settled once; the same order again gives the same settlement.

        Refused("conflict"): another order was settled under this id.
        """
        if not order.cancelled and not order.promotion:
            simple = self._settle_without_money(scope, order, stamp)
            if simple is not None:
                return _same(simple, order)

        def work(session: ClientSession) -> Settlement:
            found = self.get(scope, order.settlement_id, session)
            if found is not None:
                return found
            settled = self._settled(session, scope, order, stamp)
            failpoint("billing.settle.inside_commit")
            return settled

        return _same(committed(self._database, work), order)

    def withdraw(self, scope: Scope, booking_id: str, stamp: Stamp, *, promoted: bool = False) -> bool:
        """Take a booking out of the order that waits to be paid for it; False when there is none.

        `promoted`: its promotion may not have been heard of yet; then it will find that nobody wants it any
        more.
        """

        def work(session: ClientSession) -> bool:
            found = self._settlements.find_one(_of_booking(scope, booking_id), session=session)
            if found is None:
                if promoted:
                    self._give_up(session, scope, booking_id, stamp)
                return False
            settlement = MAPPER.from_document(Settlement, found)
            others = self._other_files(session, scope, settlement)
            changes = settling.withdraw(settlement, booking_id, others, stamp.at)
            self._carry_out(session, scope, changes, stamp)
            failpoint("billing.withdraw.inside_commit")
            return changes.settlement is not None

        return committed(self._database, work)

    def release(
        self,
        session: ClientSession,
        scope: Scope,
        settlement_id: str,
        being_paid: Collection[str],
        stamp: Stamp,
    ) -> bool:
        """Give reserved credit back in the caller's transaction; False when nothing could be given back.

        `being_paid` are the cash offices at which money may still come in; their parts stay.
        """
        settlement = self.get(scope, settlement_id, session)
        others = self._other_files(session, scope, settlement) if settlement else {}
        dead = [
            part
            for part in (settlement.parts if settlement else ())
            if settling.releasable(part, stamp.at, payment_open=part.office.id in being_paid)
        ]
        for part in dead:
            if settlement is None:
                raise AssertionError("a part belongs to a settlement")
            changes = settling.release(settlement, part, others)
            self._carry_out(session, scope, changes, stamp)
            settlement = changes.settlement
        return bool(dead)

    def look_again(self, scope: Scope, settlement_id: str, now: datetime) -> None:
        """Let the timer leave alone for a while a settlement whose hold is over and which may yet be paid."""
        self._settlements.update_one(
            {"_id": key(scope.organisation_id, settlement_id), "release_at": {"$lte": now}},
            {"$set": {"release_at": now + LOOK_AGAIN}},
        )

    def id_of_booking(self, scope: Scope, booking_id: str) -> str | None:
        """Return the id of the settlement that a booking is a line of."""
        found = self._settlements.find_one(_of_booking(scope, booking_id), {"id": 1})
        return str(found["id"]) if found else None

    def due_of(
        self, scope: Scope, family_id: str, now: datetime, session: ClientSession | None = None
    ) -> list[Settlement]:
        """Return a family's settlements of which a part can still be paid, the most urgent first."""
        found = self._settlements.find(
            {
                "organisation_id": scope.organisation_id,
                "family_id": {"$in": scope.file_of(family_id)},
                "release_at": {"$exists": True},
                "parts": {"$elemMatch": {"state": PartState.DUE.value, "held_until": {"$gt": now}}},
            },
            session=session,
        )
        urgent = found.sort("release_at", 1).limit(DUE_MAX)
        return [MAPPER.from_document(Settlement, each) for each in urgent]

    def overdue(self, now: datetime) -> list[tuple[str, str]]:
        """Return (organisation id, settlement id) of those whose hold is over, for the timer."""
        found = self._settlements.find(
            {"release_at": {"$lte": now}}, {"organisation_id": 1, "id": 1, "_id": 0}
        )
        return [(each["organisation_id"], each["id"]) for each in found.sort("release_at", 1).limit(DUE_MAX)]

    def put(self, session: ClientSession, scope: Scope, settlement: Settlement) -> None:
        """Write a settlement over what it was; the transaction that read it notices anybody in between."""
        document = _document(scope, settlement)
        self._settlements.replace_one({"_id": document["_id"]}, document, upsert=True, session=session)

    def _other_files(self, session: ClientSession, scope: Scope, settlement: Settlement) -> dict[str, str]:
        uses = [use for part in settlement.parts for use in part.credits]
        return self._notes.of_other_files(scope, settlement.family_id, uses, session)

    def _carry_out(self, session: ClientSession, scope: Scope, changes: Effects, stamp: Stamp) -> None:
        self._notes.carry_out(session, scope, changes.moved, stamp)
        if changes.settlement is not None:
            self.put(session, scope, changes.settlement)
        tell(self._database, session, scope, announcements(changes, stamp.at), stamp)

    def _settled(self, session: ClientSession, scope: Scope, order: Order, stamp: Stamp) -> Settlement:
        cancelled = self._notes.charges(scope, (each.booking_id for each in order.cancelled), session)
        charges = charged_to(cancelled, scope.file_of(order.family_id))
        notes = self._notes.free(scope, order.family_id, session)
        given_up = order.promotion and self._given_up(session, scope, order.settlement_id, stamp)
        wanted = replace(order, held=()) if given_up else order
        changes = settling.settle(wanted, charges, notes, stamp.at, stamp.actor.as_document())
        self._carry_out(session, scope, changes, stamp)
        if changes.settlement is None:
            raise AssertionError("settling gives a settlement")
        return changes.settlement

    def _settle_without_money(self, scope: Scope, order: Order, stamp: Stamp) -> Settlement | None:
        """Keep an order of which everything is due by one insert: no money moves.

        A credit note that is issued meanwhile is simply not used, as if it had come a moment later.
        """
        notes = self._notes.free(scope, order.family_id)
        changes = settling.settle(order, {}, notes, stamp.at, stamp.actor.as_document())
        settlement = changes.settlement
        if settlement is None or changes.moved.entries or changes.settled or not settlement.parts:
            return None
        try:
            self._settlements.insert_one(_document(scope, settlement))
        except DuplicateKeyError:
            return self.get(scope, order.settlement_id)
        failpoint("billing.settle.inside_commit")
        return settlement

    def _give_up(self, session: ClientSession, scope: Scope, booking_id: str, stamp: Stamp) -> None:
        """Leave word that a seat was given back, for a promotion that is heard after its cancellation."""
        self._promotions.update_one(
            {"_id": key(scope.organisation_id, booking_id)},
            {
                "$set": {"given_up": True},
                "$setOnInsert": {"organisation_id": scope.organisation_id, "at": stamp.at},
            },
            upsert=True,
            session=session,
        )

    def _given_up(self, session: ClientSession, scope: Scope, booking_id: str, stamp: Stamp) -> bool:
        """Tell whether a promoted seat was given back; writing makes the two events wait for each other."""
        found = self._promotions.find_one_and_update(
            {"_id": key(scope.organisation_id, booking_id)},
            {
                "$setOnInsert": {
                    "organisation_id": scope.organisation_id,
                    "at": stamp.at,
                    "given_up": False,
                }
            },
            upsert=True,
            session=session,
        )
        return bool(found and found["given_up"])


def _of_booking(scope: Scope, booking_id: str) -> Document:
    return {"organisation_id": scope.organisation_id, "parts.lines.booking_id": booking_id}


def _document(scope: Scope, settlement: Settlement) -> Document:
    """Return the document of a settlement; `release_at` stands there only while a part waits to be paid."""
    waiting = [part.held_until for part in settlement.parts if part.state is PartState.DUE]
    return {
        **MAPPER.to_document(settlement),
        **({"release_at": min(waiting)} if waiting else {}),
        "_id": key(scope.organisation_id, settlement.id),
        "organisation_id": scope.organisation_id,
    }


def _same(settlement: Settlement, order: Order) -> Settlement:
    if settlement.content_sha256 != order.content_sha256:
        raise Refused("conflict", "another order was settled under this id")
    return settlement
