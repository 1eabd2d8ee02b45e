"""The memory of what waits to be told with other things, and of what has been told.

A thing is kept for all whom it concerns in one write, with the mails of those who are told at once, and never
again; it is told in the write that queues its mail. So neither a kill nor a second copy tells it twice.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.inbox import KEPT_S
from chassis.storage.mongo import in_transaction
from chassis.values.ids import derived_id
from chassis.values.scope import Scope
from notify.news.model import News, Thing
from notify.outgoing.model import Message
from notify.outgoing.store import MessageStore
from notify.vocabulary import Contact, MessageKind

WAITING = {"due_at": {"$exists": True}}
MAPPER = Mapper(Form(News, names=KEY, sparse={"due_at", "told_at"}), Form(Contact, sparse={"guardian_id"}))


class NewsStore:
    """News of people, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
        self._news = database["news"]
        self._messages = MessageStore(database)

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the indexes: one per query below, and the one that lets go what was told long ago."""
        news, of = database["news"], ("organisation_id", ASCENDING)
        news.create_index([of, ("key", ASCENDING)], name="by_key")
        news.create_index([of, ("alias", ASCENDING)], name="by_alias")
        news.create_index(
            [of, ("family_id", ASCENDING), ("due_at", ASCENDING)],
            partialFilterExpression=WAITING,
            name="of_family",
        )
        news.create_index([("due_at", ASCENDING)], partialFilterExpression=WAITING, name="due")
        # as long as an event may come again
        news.create_index([("told_at", ASCENDING)], expireAfterSeconds=KEPT_S, name="told_kept_62_days")

    def keep(self, scope: Scope, thing: Thing, messages: Sequence[Message], news: Sequence[News]) -> None:
        """Keep a thing for all whom it concerns, all or none; one that was kept or told is not kept again.

        The dedupe keys of its messages begin with its own key.
        """
        rows = {each.id: MAPPER.to_document(each) for each in news}  # two may share an address

        def work(session: ClientSession) -> None:
            if self._known(scope, thing, session) or self._messages.told(scope, thing.key, session):
                return
            self._messages.insert(scope, messages, session)
            if rows:
                self._news.insert_many(list(rows.values()), session=session)

        if messages or rows:
            in_transaction(self._database, work)

    def tell_elsewhere(self, scope: Scope, aliases: Iterable[str], now: datetime) -> None:
        """Note that another mail tells these things, whether they were heard of already or not."""
        for alias in aliases:
            mine = {"organisation_id": scope.organisation_id, "alias": alias}
            self._news.update_many({**mine, **WAITING}, {"$set": {"told_at": now}, "$unset": {"due_at": ""}})
            told = derived_id(scope.organisation_id, "told", alias)
            self._news.update_one(
                {"_id": told}, {"$setOnInsert": {**mine, "key": alias, "told_at": now}}, upsert=True
            )

    def next_waiting(self, now: datetime) -> News | None:
        """Return what has been due for longest, None when nothing is."""
        found = self._news.find_one({"due_at": {"$lte": now}}, sort=[("due_at", ASCENDING)])
        return MAPPER.from_document(News, found) if found else None

    def next_due(self, after: datetime) -> datetime | None:
        """Return when, after this instant, something will be due; None when nothing waits."""
        found = self._news.find_one({"due_at": {"$gt": after}}, {"due_at": 1}, sort=[("due_at", ASCENDING)])
        at: datetime | None = found["due_at"] if found else None
        return at

    def tell(
        self, first: News, now: datetime, later: datetime, write: Callable[[list[News]], Message | None]
    ) -> bool:
        """Queue one mail about all that waits for the same person like `first`; whether one was queued.

        `write` makes it of the news, in the order in which they happened, or says that there is nothing to
        tell. What is due when the person had such a mail already, as a digest of the same day, waits until
        `later`. What is gathered goes with the first that is due, a digest takes only what is due.
        """
        due = {"due_at": {"$lte": now}} if first.about is MessageKind.DIGEST else WAITING
        group = {
            "organisation_id": first.organisation_id,
            "family_id": first.family_id,
            "recipient.email": first.recipient.email,
            "about": first.about.value,
            **due,
        }
        scope = Scope(first.organisation_id)

        def work(session: ClientSession) -> bool:
            rows = list(self._news.find(group, session=session).sort([("happened_at", 1), ("_id", 1)]))
            if not rows:  # another copy was faster
                return False
            these = {"_id": {"$in": [row["_id"] for row in rows]}}
            message = write([MAPPER.from_document(News, row) for row in rows])
            if message and self._messages.told(scope, message.dedupe_key, session):
                self._news.update_many(these, {"$set": {"due_at": later}}, session=session)
                return False
            self._messages.insert(scope, [message] if message else [], session)
            self._news.update_many(
                these, {"$set": {"told_at": now}, "$unset": {"due_at": ""}}, session=session
            )
            return message is not None

        return in_transaction(self._database, work)

    def _known(self, scope: Scope, thing: Thing, session: ClientSession) -> bool:
        of = {"organisation_id": scope.organisation_id}
        queries = [{**of, "key": thing.key}, *([{**of, "alias": thing.alias}] if thing.alias else [])]
        return any(self._news.find_one(query, {"_id": 1}, session=session) for query in queries)
