"""What the balance page needs: account balances, and bookings that will be charged later."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from billing.consumption.model import Consumption, Expectation
from billing.copies.store import key, organisation_of
from billing.ledger.model import AccountKind
from billing.vocabulary import ChargingMode
from chassis.storage.mongo import insert_missing, keep_newest
from chassis.values.context import Context

TO_COME_MAX = 2_000


class Wallets:
    """A family's balances and its days to come."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._database = database

    def balances(self, context: Context | str, family_id: str) -> dict[str, dict[AccountKind, int]]:
        """Give the balances of a family's wallets in cents, by wallet id and kind of account."""
        found = self._database["accounts"].find(
            {"organisation_id": organisation_of(context), "family_id": family_id, "wallet_id": {"$gt": ""}}
        )
        balances: dict[str, dict[AccountKind, int]] = {}
        for each in found:
            balances.setdefault(each["wallet_id"], {})[AccountKind(each["kind"])] = each["balance_cents"]
        return balances

    def expect(self, context: Context | str, coming: Iterable[Expectation]) -> None:
        """Keep bookings that will be charged later, but for those that were cancelled since."""
        organisation_id = organisation_of(context)
        expected = [_expected(organisation_id, each) for each in coming]
        known = insert_missing(self._database["consumptions"], expected)
        if known:
            self._database["consumptions"].bulk_write([_later(document) for document in known], ordered=False)

    def forget(self, context: Context | str, booking_id: str, sequence: int) -> None:
        """Keep that a booking will not be charged.

        An acceptance that was told late changes nothing any more.
        """
        organisation_id = organisation_of(context)
        cancelled = {"organisation_id": organisation_id, "state": "cancelled"}
        who = {"_id": key(organisation_id, booking_id)}
        keep_newest(self._database["consumptions"], who, cancelled, sequence)

    def to_come(
        self, context: Context | str, family_id: str, from_on: date, until_on: date
    ) -> list[Consumption]:
        """List a family's bookings of a span that will be charged, by day."""
        found = self._database["consumptions"].find(
            {
                "organisation_id": organisation_of(context),
                "family_id": family_id,
                "state": "to_charge",
                "day": {"$gte": from_on.isoformat(), "$lte": until_on.isoformat()},
            }
        )
        return [
            Consumption(
                each["booking_id"],
                each["activity_id"],
                each["activity_group"],
                date.fromisoformat(each["day"]),
                ChargingMode(each["charging_mode"]),
            )
            for each in found.sort("day", 1).limit(TO_COME_MAX)
        ]


def _later(document: dict[str, Any]) -> UpdateOne:
    """Replace what is known of a booking, unless that is news of later."""
    who = {"_id": document["_id"], "sequence": {"$lt": document["sequence"]}}
    return UpdateOne(who, {"$set": {name: value for name, value in document.items() if name != "_id"}})


def _expected(organisation_id: str, coming: Expectation) -> dict[str, Any]:
    consumption = coming.consumption
    return {
        "_id": key(organisation_id, consumption.booking_id),
        "organisation_id": organisation_id,
        "family_id": coming.family_id,
        "booking_id": consumption.booking_id,
        "activity_id": consumption.activity_id,
        "activity_group": consumption.activity_group,
        "charging_mode": consumption.charging_mode.value,
        "day": consumption.day.isoformat(),
        "state": "to_charge",
        "sequence": coming.sequence,
    }
