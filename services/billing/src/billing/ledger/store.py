"""The journal and the accounts it moves: an entry is written once, each account by one conditional update."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database

from billing.copies.store import committed, key, organisation_of
from billing.ledger.model import Account, Entry
from billing.ledger.rules import FLOORS_CENTS, balanced, content_sha256, stored_moves
from chassis.running.failpoints import failpoint
from chassis.values.context import Context
from chassis.values.errors import Refused

if TYPE_CHECKING:
    from billing.vocabulary import Document


class FloorReachedError(Exception):
    """A posting would take an account below its floor, or give back more than was charged."""


class Journal:
    """Entries by themselves, for what has no other effect (a top-up, a refund of a wallet)."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._database = database

    def post(self, context: Context | str, entry: Entry, now: datetime) -> bool:
        """Post an entry; False when it was posted before. Refused("conflict"): its id says something else.

        FloorReachedError when an account does not hold what the entry takes.
        """
        organisation_id = organisation_of(context)

        def work(session: ClientSession) -> bool:
            if self._known(organisation_id, entry, session):
                return False
            post(self._database, session, organisation_id, entry, now)
            failpoint("billing.post.inside_commit")
            return True

        return committed(self._database, work)

    def balance_cents(self, context: Context | str, account: Account) -> int:
        """Read what a family's account holds; zero where nothing was ever posted."""
        found = self._database["accounts"].find_one({"_id": key(organisation_of(context), account.name)})
        return int(found["balance_cents"]) if found else 0

    def _known(self, organisation_id: str, entry: Entry, session: ClientSession) -> bool:
        found = self._database["journal"].find_one({"_id": key(organisation_id, entry.id)}, session=session)
        if found and found["content_sha256"] != content_sha256(entry):
            raise Refused("conflict", f"the entry {entry.id} was posted with another content")
        return found is not None


def post(
    database: Database[dict[str, Any]],
    session: ClientSession,
    organisation_id: str,
    entry: Entry,
    now: datetime,
) -> None:
    """Write one entry and move its accounts, each by one update that its floor may refuse."""
    if not balanced(entry):
        raise ValueError(f"the entry {entry.id} does not sum to zero inside one cash office")
    versions = {
        account.name: _move(database, session, organisation_id, account, cents)
        for account, cents in stored_moves(entry.legs)
    }
    database["journal"].insert_one(
        {
            "_id": key(organisation_id, entry.id),
            "organisation_id": organisation_id,
            "id": entry.id,
            "kind": entry.kind.value,
            "family_id": entry.family_id,
            "cash_office_id": entry.cash_office_id,
            "legs": [{"account": leg.account.name, "cents": leg.cents} for leg in entry.legs],
            "about": entry.about,
            "uses": [list(use) for use in entry.uses],
            # The place of this entry in the life of each account: a replay needs no clock.
            "versions": [[name, version] for name, version in versions.items()],
            "content_sha256": content_sha256(entry),
            "posted_at": now,
        },
        session=session,
    )


def _move(
    database: Database[dict[str, Any]],
    session: ClientSession,
    organisation_id: str,
    account: Account,
    cents: int,
) -> int:
    """Add cents to an account and give its new version; taking is refused below the floor."""
    chosen: Document = {"_id": key(organisation_id, account.name)}
    takes = cents < 0 and account.kind in FLOORS_CENTS
    if takes:
        chosen["$expr"] = {"$gte": [{"$add": ["$balance_cents", cents]}, "$floor_cents"]}
    found = database["accounts"].find_one_and_update(
        chosen,
        {
            "$inc": {"balance_cents": cents, "version": 1},
            "$setOnInsert": {
                "organisation_id": organisation_id,
                "name": account.name,
                "kind": account.kind.value,
                "family_id": account.family_id,
                "cash_office_id": account.cash_office_id,
                "wallet_id": account.wallet_id,
                "floor_cents": FLOORS_CENTS.get(account.kind),
            },
        },
        upsert=not takes,
        return_document=ReturnDocument.AFTER,
        projection={"version": 1},
        session=session,
    )
    if found is None:
        raise FloorReachedError(account.name)
    return int(found["version"])
