"""What the balance page needs: account balances, and bookings that will be charged later."""

from datetime import date
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from billing.model import AccountKind, ChargingMode, Consumption
from billing.store.keys import key, organisation_of
from chassis.context import Context

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

    def expect(self, context: Context | str, family_id: str, coming: Consumption, sequence: int) -> None:
        """Keep a booking that will be charged later, unless it was cancelled since."""
        document = {
            "family_id": family_id,
            "booking_id": coming.booking_id,
            "activity_id": coming.activity_id,
            "activity_group": coming.activity_group,
            "charging_mode": coming.charging_mode.value,
            "day": coming.day.isoformat(),
            "state": "to_charge",
        }
        self._keep(organisation_of(context), coming.booking_id, document, sequence)

    def forget(self, context: Context | str, booking_id: str, sequence: int) -> None:
        """Keep that a booking will not be charged.

        An acceptance that was told late changes nothing any more.
        """
        self._keep(organisation_of(context), booking_id, {"state": "cancelled"}, sequence)

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

    def _keep(self, organisation_id: str, booking_id: str, document: dict[str, Any], sequence: int) -> None:
        try:
            self._database["consumptions"].update_one(
                {"_id": key(organisation_id, booking_id), "sequence": {"$lt": sequence}},
                {"$set": document | {"organisation_id": organisation_id, "sequence": sequence}},
                upsert=True,
            )
        except DuplicateKeyError:
            return  # something newer is known
