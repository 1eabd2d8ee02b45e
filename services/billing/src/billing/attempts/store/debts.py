"""Parts that are to be paid and the attempts at them, in the transaction of whoever begins or releases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pymongo.client_session import ClientSession

from billing.attempts.model import OPEN_STATES, AttemptAsk, AttemptState, Debt, PaymentAttempt
from billing.attempts.rules import life
from billing.attempts.store.forms import MAPPER, OPEN_QUARANTINE
from billing.settlements.model import Part, Settlement
from billing.settlements.rules.settling import with_part
from billing.settlements.store import SettlementsStore
from billing.vocabulary import Document, key
from chassis.storage.mongo import Db
from chassis.values.scope import Scope


class DebtsStore:
    """What an attempt is to pay: parts of `settlements`, and the attempts at them in `payments`."""

    def __init__(self, database: Db) -> None:
        self._attempts = database["payments"]
        self._settlements = SettlementsStore(database)

    def asked_for(
        self, session: ClientSession, scope: Scope, ask: AttemptAsk, now: datetime
    ) -> list[Debt] | None:
        """Return the parts that somebody wishes to pay; None when a settlement named isn't the family's."""
        settlements = self._settlements_asked_for(session, scope, ask, now)
        if settlements is None:
            return None
        return [self._debt(session, scope, *each) for each in life.owed(settlements, ask, now)]

    def _settlements_asked_for(
        self, session: ClientSession, scope: Scope, ask: AttemptAsk, now: datetime
    ) -> list[Settlement] | None:
        """Return the settlements that are named, or all that wait; None when one named isn't the family's."""
        if not ask.settlement_ids:
            return self._settlements.due_of(scope, ask.family_id, now, session)
        found = [self._settlements.get(scope, each, session) for each in ask.settlement_ids]
        own = [each for each in found if each and each.family_id in scope.file_of(ask.family_id)]
        return own if len(own) == len(found) else None

    def _debt(self, session: ClientSession, scope: Scope, settlement: Settlement, part: Part) -> Debt:
        """Return a part to be paid with what is under way about it."""
        checked = self._offices_at(session, scope, settlement.id, OPEN_QUARANTINE)
        current = self._attempt(session, scope, part.attempt_id) if part.attempt_id else None
        return Debt(settlement, part, current, part.office.id in checked)

    def take(
        self, session: ClientSession, scope: Scope, begun: PaymentAttempt, debts: Iterable[Debt]
    ) -> None:
        """Name a new attempt in each part that it is to pay.

        Writing the settlements makes a second attempt at any of the parts, or its release, wait for this one.
        """
        paid = {part.settlement_id for part in begun.parts}
        for debt in debts:
            if debt.settlement.id in paid:
                marked = with_part(debt.settlement, replace(debt.part, attempt_id=begun.id))
                self._settlements.put(session, scope, marked)

    def offices_being_paid(
        self, session: ClientSession, scope: Scope, settlement_id: str, now: datetime
    ) -> set[str]:
        """Return the cash offices at which money may still come in (see `life.may_still_be_paid`)."""
        undecided = [state.value for state in OPEN_STATES]
        may_be_paid = [
            {"state": {"$in": undecided}},
            {"state": AttemptState.ABANDONED.value, "started_at": {"$gt": now - life.PAGE_LIVES}},
        ]
        return self._offices_at(session, scope, settlement_id, {"$or": may_be_paid})

    def _offices_at(
        self, session: ClientSession, scope: Scope, settlement_id: str, which: Document
    ) -> set[str]:
        """Return the cash offices of a settlement at which there are such attempts."""
        # A release knows an attempt by either; one query for each, since each has an index of its own.
        offices: set[str] = set()
        for named in ("parts.settlement_id", "settlement_id"):
            chosen = {"organisation_id": scope.organisation_id, named: settlement_id, **which}
            found = self._attempts.find(chosen, {"office.id": 1}, session=session)
            offices.update(each["office"]["id"] for each in found)
        return offices

    def _attempt(self, session: ClientSession, scope: Scope, attempt_id: str) -> PaymentAttempt | None:
        found = self._attempts.find_one({"_id": key(scope.organisation_id, attempt_id)}, session=session)
        return MAPPER.from_document(PaymentAttempt, found) if found else None
