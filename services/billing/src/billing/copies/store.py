"""What the organisation set up (offices, wallets, tariffs), and what others told of it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from billing.offices.model import CashOffice
from billing.offices.store import office_document, office_from
from billing.tariffs.model import Tariff
from billing.tariffs.store import tariff_from
from billing.wallets.model import Wallet
from billing.wallets.store import wallet_from
from chassis.storage.mongo import in_transaction, keep_newest
from chassis.values.context import Context
from chassis.values.errors import Refused


class Configuration:
    """Read at every quote; written by imports and by events of other services."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._database = database

    def offices(self, context: Context | str) -> list[CashOffice]:
        """List the cash offices of the organisation."""
        found = (
            self._database["cash_offices"].find({"organisation_id": organisation_of(context)}).sort("id", 1)
        )
        return [office_from(each) for each in found]

    def wallets(self, context: Context | str, groups: Iterable[str] | None = None) -> list[Wallet]:
        """List the organisation's wallets, all or those of some groups of activities, by name."""
        chosen: dict[str, Any] = {"organisation_id": organisation_of(context)}
        if groups is not None:
            chosen["activity_group"] = {"$in": sorted(set(groups))}
        found = self._database["wallets"].find(chosen)
        return sorted((wallet_from(each) for each in found), key=lambda wallet: (wallet.name, wallet.id))

    def tariffs(self, context: Context | str, activity_ids: Iterable[str]) -> list[Tariff]:
        """List all versions of the tariffs of some activities."""
        chosen = {
            "organisation_id": organisation_of(context),
            "activity_id": {"$in": sorted(set(activity_ids))},
        }
        return [tariff_from(each) for each in self._database["tariffs"].find(chosen)]

    def put_office(self, context: Context | str, office: CashOffice) -> None:
        """Keep a cash office; its wallets carry its name along."""
        organisation_id = organisation_of(context)
        document = office_document(office)
        self._database["cash_offices"].update_one(
            {"_id": key(organisation_id, office.id)},
            {"$set": document | {"organisation_id": organisation_id}},
            upsert=True,
        )
        self._database["wallets"].update_many(
            {"organisation_id": organisation_id, "office.id": office.id}, {"$set": {"office": document}}
        )

    def put_wallet(self, context: Context | str, wallet: Wallet) -> None:
        """Keep a wallet."""
        organisation_id = organisation_of(context)
        document = {
            "organisation_id": organisation_id,
            "id": wallet.id,
            "name": wallet.name,
            "activity_group": wallet.activity_group,
            "office": office_document(wallet.office),
            "mode": wallet.mode.value,
            "floor_cents": wallet.floor_cents,
        }
        self._database["wallets"].update_one(
            {"_id": key(organisation_id, wallet.id)}, {"$set": document}, upsert=True
        )

    def put_tariff(self, context: Context | str, tariff: Tariff) -> None:
        """Keep one version of a tariff; its activity and first day name it."""
        organisation_id = organisation_of(context)
        document = {
            "organisation_id": organisation_id,
            "activity_id": tariff.activity_id,
            "price_cents": tariff.price_cents,
            "valid_from": tariff.valid_from.isoformat(),
            "valid_to": tariff.valid_to.isoformat() if tariff.valid_to else None,
        }
        name = f"{tariff.activity_id}:{tariff.valid_from.isoformat()}"
        self._database["tariffs"].update_one(
            {"_id": key(organisation_id, name)}, {"$set": document}, upsert=True
        )

    def overlapping(self, context: Context | str, activity_id: str, first: date, last: date | None) -> bool:
        """Tell whether another version of a tariff is valid on a day of this one."""
        return any(
            each.valid_from != first
            and (last is None or each.valid_from <= last)
            and (each.valid_to is None or each.valid_to >= first)
            for each in self.tariffs(context, [activity_id])
        )

    def keep_organisation(self, organisation_id: str, slug: str, time_zone: str, sequence: int) -> None:
        """Keep what identity told of an organisation, unless something newer is known."""
        values = {"slug": slug, "time_zone": time_zone}
        keep_newest(self._database["organisations"], {"_id": organisation_id}, values, sequence)

    def time_zone(self, context: Context | str) -> str:
        """Give the organisation's time zone."""
        found = self._database["organisations"].find_one({"_id": organisation_of(context)}, {"time_zone": 1})
        return str(found["time_zone"]) if found else DEFAULT_TIME_ZONE

    def keep_family(
        self, context: Context | str, family_id: str, name: str, contacts: list[dict[str, Any]], sequence: int
    ) -> None:
        """Keep what family told of a family, unless something newer is known."""
        organisation_id = organisation_of(context)
        values = {
            "organisation_id": organisation_id,
            "family_id": family_id,
            "name": name,
            "contacts": contacts,
        }
        who = {"_id": key(organisation_id, family_id)}
        keep_newest(self._database["families"], who, values, sequence)

    def family(self, context: Context | str, family_id: str) -> tuple[str, list[dict[str, Any]]]:
        """Give a family's name and contacts ({guardian_id, name, email}).

        Empty while family has told nothing.
        """
        found = self._database["families"].find_one({"_id": key(organisation_of(context), family_id)})
        return (found["name"], found["contacts"]) if found else ("", [])


T = TypeVar("T")
_RACES_MAX = 5
DEFAULT_TIME_ZONE = "Europe/Paris"
"""Until identity has told an organisation's own."""


def organisation_of(context: Context | str) -> str:
    """Give the organisation that a call may see; a context without one may see nothing."""
    organisation_id = context if isinstance(context, str) else context.organisation_id
    if not organisation_id:
        raise Refused("forbidden", "the context names no organisation")
    return organisation_id


def key(organisation_id: str, name: str) -> str:
    """Make the `_id` of what is called `name` in an organisation.

    The same name elsewhere is another document.
    """
    return f"{organisation_id}/{name}"


def committed(database: Database[dict[str, Any]], work: Callable[[ClientSession], T]) -> T:
    """Run `work` in a transaction.

    When another one made the same document first, run it again to see that one.
    """
    for _ in range(_RACES_MAX):
        try:
            return in_transaction(database, work)
        except DuplicateKeyError:
            continue
    raise Refused("conflict", "the same document was made with another content")
