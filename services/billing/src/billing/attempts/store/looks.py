"""When the provider is asked about an attempt: when it is time, after a hint, once in a few seconds."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from pymongo import WriteConcern

from billing.attempts.model import FINAL_STATES, PaymentAttempt
from billing.attempts.rules import life
from billing.attempts.store.forms import MAPPER
from billing.vocabulary import Document, key
from chassis.running.gauges import COUNT_MAX, Gauge, Reading
from chassis.storage.mongo import Db
from chassis.values.scope import Scope

LOOK_UPS_MAX = 50
OPEN = Gauge("marelle_payments_open", "Payments that were begun, and whose end is still to be asked for.")
_FINAL = sorted(state.value for state in FINAL_STATES)
_LOOK_EVERY_MS = life.LOOK_EVERY // timedelta(milliseconds=1)


class LooksStore:
    """Attempts by the provider's reference, and by when it is time to ask again."""

    GAUGES: ClassVar[tuple[Gauge, ...]] = (OPEN,)

    def __init__(self, database: Db) -> None:
        self._attempts = database["payments"]
        # Nobody waits for the disk: a hint that is lost costs a minute, and nobody learns from the time that
        # an answer takes which payments there are.
        self._hints = self._attempts.with_options(write_concern=WriteConcern(w=1, j=False))

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes, which serve all organisations."""
        attempts = database["payments"]
        attempts.create_index(
            # The provider's own names, and its notifications know of no organisation.
            "provider_reference",
            unique=True,
            partialFilterExpression={"provider_reference": {"$exists": True}},
            name="provider_reference",
        )
        attempts.create_index(
            "look_up_at",
            partialFilterExpression={"look_up_at": {"$exists": True}},
            name="payments_to_look_up",
        )

    def hint(
        self, organisation_id: str | None, provider_reference: str, now: datetime
    ) -> PaymentAttempt | None:
        """Return the attempt that a provider has news of, which is to be looked up soon; None: not ours.

        Hints beyond the first, until somebody looks, change nothing. A hint names an organisation only where
        its address did.
        """
        chosen: Document = {"provider_reference": provider_reference}
        if organisation_id is not None:
            chosen["organisation_id"] = organisation_id
        undecided = {"state": {"$nin": _FINAL}, "hinted": {"$ne": True}}
        not_yet = {"$add": ["$looked_at", _LOOK_EVERY_MS]}
        soon = {"$min": [{"$max": [now, not_yet]}, now + life.LOOK_EVERY]}  # also after a clock was put back
        sooner = {"hinted": True, "look_up_at": {"$min": ["$look_up_at", soon]}}
        self._hints.update_one({**chosen, **undecided}, [{"$set": sooner}])
        found = self._attempts.find_one(chosen)
        return MAPPER.from_document(PaymentAttempt, found) if found else None

    def claim(self, scope: Scope, attempt_id: str, now: datetime) -> bool:
        """Take the one look-up of these few seconds; False when somebody has it, or nothing is left to ask.

        Who dies with it leaves it to the timer.
        """
        taken = self._attempts.update_one(
            {
                "_id": key(scope.organisation_id, attempt_id),
                "state": {"$nin": _FINAL},
                "$or": [
                    {"looked_at": None},
                    {"looked_at": {"$lte": now - life.LOOK_EVERY}},
                    {"looked_at": {"$gt": now + life.LOOK_EVERY}},  # by a clock that was put back since
                ],
            },
            {
                "$set": {"looked_at": now, "look_up_at": now + life.LOOK_EVERY},
                "$inc": {"look_ups": 1},
                "$unset": {"hinted": ""},
            },
        )
        return taken.modified_count == 1

    def to_look_up(self, now: datetime) -> list[tuple[str, PaymentAttempt]]:
        """Return attempts of all organisations that it is time to ask about: (organisation id, attempt)."""
        found = self._attempts.find({"look_up_at": {"$lte": now}}).sort("look_up_at", 1).limit(LOOK_UPS_MAX)
        return [(each["organisation_id"], MAPPER.from_document(PaymentAttempt, each)) for each in found]

    def read_gauges(self, _now: datetime) -> list[Reading]:
        """Count the attempts of all organisations that will be asked about."""
        asked_about = {"look_up_at": {"$gt": datetime.min.replace(tzinfo=UTC)}}
        return [OPEN.reads(self._attempts.count_documents(asked_about, limit=COUNT_MAX))]

    def postpone(self, scope: Scope, attempt_id: str, look_up_at: datetime | None) -> None:
        """Set when to ask the provider again after it gave no answer; None gives up.

        Where it told of news meanwhile, it is asked again at once.
        """
        change = {"$set": {"look_up_at": look_up_at}} if look_up_at else {"$unset": {"look_up_at": ""}}
        self._attempts.update_one(
            {"_id": key(scope.organisation_id, attempt_id), "hinted": {"$ne": True}}, change
        )
