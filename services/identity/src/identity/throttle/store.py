"""The memory of counted attempts. They belong to a login or an address, before anybody is known."""

from datetime import datetime

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.database import Database

from chassis.storage.documents import Document
from identity.throttle import rules
from identity.throttle.model import Allowance, Bucket

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
        """Count an attempt as a failure in advance; return 0, or the seconds to wait when it may not be made.

        One atomic write, so that attempts sent together are counted one by one. What does not count leaves
        the bucket as it is, and so keeps nobody out for longer. Waits and forgetting are the rule's.
        """
        document = self.database.attempts.find_one_and_update(
            {"_id": bucket.key},
            _counting(bucket.allowance, now),
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


def _counting(allowance: Allowance, now: datetime) -> list[Document]:
    """Return the stages that forget what is old enough, and count one failure more if no wait forbids it.

    `since` is the instant up to which failures were forgotten. The release before writes failures alone.
    """
    waits_ms = [wait_s * 1000 for wait_s in rules.waits_s(allowance)]
    failures_max, every_ms = len(waits_ms) - 1, allowance.forgotten_every_s * 1000
    since = {"$ifNull": ["$since", now]}
    steps = {"$toInt": {"$floor": {"$divide": [{"$max": [0, {"$subtract": [now, since]}]}, every_ms]}}}
    left = {"$max": [0, {"$subtract": [{"$ifNull": ["$failures", 0]}, "$steps"]}]}
    anchor = {"$cond": [{"$gt": ["$left", 0]}, {"$add": [since, {"$multiply": ["$steps", every_ms]}]}, now]}
    wait_ms = {"$arrayElemAt": [waits_ms, {"$min": ["$failures", failures_max]}]}
    waits = {"$and": ["$allowed", {"$gt": [wait_ms, 0]}]}
    counted = {
        "failures": {"$min": [failures_max, {"$add": ["$left", 1]}]},
        "since": anchor,
        "forget_at": now + rules.forgotten_after(allowance),
    }
    return [
        {"$set": {"allowed": {"$lte": [{"$ifNull": ["$wait_until", now]}, now]}, "steps": steps}},
        {"$set": {"left": left}},
        {"$set": {name: {"$cond": ["$allowed", value, f"${name}"]} for name, value in counted.items()}},
        # only a wait sets the instant: "now" would refuse whoever asked a millisecond before
        {"$set": {"wait_until": {"$cond": [waits, {"$add": [now, wait_ms]}, "$wait_until"]}}},
        {"$unset": ["steps", "left"]},
    ]
