"""What the balance page needs: account balances, and bookings that will be charged later."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from billing.model import AccountKind, ChargingMode, Consumption, Expectation
from billing.store.keys import key, organisation_of
from chassis.context import Context

TO_COME_MAX = 2_000
DUPLICATE_KEY = 11_000


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
        self._keep(
            [
                _news(organisation_of(context), each.consumption.booking_id, _expected(each), each.sequence)
                for each in coming
            ]
        )

    def forget(self, context: Context | str, booking_id: str, sequence: int) -> None:
        """Keep that a booking will not be charged.

        An acceptance that was told late changes nothing any more.
        """
        self._keep([_news(organisation_of(context), booking_id, {"state": "cancelled"}, sequence)])

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

    def _keep(self, news: list[UpdateOne]) -> None:
        if not news:
            return
        try:
            self._database["consumptions"].bulk_write(news, ordered=False)
        except BulkWriteError as error:
            if any(each["code"] != DUPLICATE_KEY for each in (error.details or {})["writeErrors"]):
                raise
            # Something newer is known of these.


def _news(organisation_id: str, booking_id: str, document: dict[str, Any], sequence: int) -> UpdateOne:
    return UpdateOne(
        {"_id": key(organisation_id, booking_id), "sequence": {"$lt": sequence}},
        {"$set": document | {"organisation_id": organisation_id, "sequence": sequence}},
        upsert=True,
    )


def _expected(coming: Expectation) -> dict[str, Any]:
    consumption = coming.consumption
    return {
        "family_id": coming.family_id,
        "booking_id": consumption.booking_id,
        "activity_id": consumption.activity_id,
        "activity_group": consumption.activity_group,
        "charging_mode": consumption.charging_mode.value,
        "day": consumption.day.isoformat(),
        "state": "to_charge",
    }
