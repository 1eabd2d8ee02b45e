"""The memory of counted attempts. They belong to a login or an address, before anybody is known."""

from datetime import datetime, timedelta

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.database import Database

from chassis.storage.documents import Document
from identity.throttle import rules
from identity.throttle.model import Bucket

ATTEMPTS_KEPT = timedelta(days=1)
INDEXES = [IndexModel([("forget_at", ASCENDING)], expireAfterSeconds=0)]


class AttemptStore:
    """Counted attempts, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.attempts.create_indexes(INDEXES)

    def count_attempt(self, bucket: Bucket, now: datetime) -> int:
        """Count an attempt as a failure in advance; give 0, or the seconds to wait when it may not be made.

        One atomic write, so that attempts sent together are counted one by one. The waits are the rule's.
        """
        waits_ms = [wait_s * 1000 for wait_s in rules.waits_s(bucket.free_failures)]
        allowed = {"$lte": [{"$ifNull": ["$wait_until", now]}, now]}
        failures = {"$add": [{"$ifNull": ["$failures", 0]}, 1]}
        wait_ms = {"$arrayElemAt": [waits_ms, {"$min": ["$failures", len(waits_ms) - 1]}]}
        waits = {"$and": ["$allowed", {"$gt": [wait_ms, 0]}]}
        document = self.database.attempts.find_one_and_update(
            {"_id": bucket.key},
            [
                {"$set": {"allowed": allowed, "forget_at": now + ATTEMPTS_KEPT}},
                {"$set": {"failures": {"$cond": ["$allowed", failures, "$failures"]}}},
                # only a wait sets the instant: "now" would refuse whoever asked a millisecond before
                {"$set": {"wait_until": {"$cond": [waits, {"$add": [now, wait_ms]}, "$wait_until"]}}},
            ],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        if (
            document is None or document["allowed"]
        ):  # an upsert is never None, which pymongo's types can't tell
            return 0
        return max(1, -int((now - document["wait_until"]).total_seconds() // 1))

    def forgive_attempt(self, bucket: Bucket) -> None:
        """Take back one attempt that was counted in advance and turned out right, with its wait."""
        self.database.attempts.update_one(
            {"_id": bucket.key, "failures": {"$gt": 0}},
            {"$inc": {"failures": -1}, "$unset": {"wait_until": ""}},
        )

    def forget_attempts(self, bucket: Bucket) -> None:
        """Start again from none: the person knew the password."""
        self.database.attempts.delete_one({"_id": bucket.key})
