"""A fake billing service: prices and answers are what a test says, nothing is kept."""

from datetime import UTC, datetime

from marshmallow import INCLUDE, Schema

from chassis.doors.capabilities import from_service
from chassis.doors.rpc import rpc
from chassis.values.errors import Unavailable

OFFICE = {"cash_office_id": "office", "name": "Régie enfance"}


class Anything(Schema):
    class Meta:
        unknown = INCLUDE


class Answers:
    """What billing answers, and what it was asked."""

    def reset(self):
        self.price_cents = 376
        self.credit_cents = 376
        self.avoirs_cents = 0
        self.silent = False
        self.quoted, self.settled = [], []
        self.expires_at = datetime(2026, 11, 9, 8, 30, tzinfo=UTC)

    def say(self):
        if self.silent:
            raise Unavailable("no_service", "billing is closed")


class Billing:
    name = "billing"
    answers = Answers()

    @rpc(from_service("booking"), request=Anything())
    def quote(self, context, request):
        self.answers.say()
        self.answers.quoted.append(request)
        charged = [line for line in request["bookings"] if line["charged"]]
        return {
            "quote_id": request["quote_id"],
            "expires_at": self.answers.expires_at.isoformat(),
            "lines": [
                {
                    "line": line["line"],
                    "price_cents": self.answers.price_cents,
                    "cash_office_id": "office",
                    "wallet_id": "wallet",
                    "trace": [],
                }
                for line in request["bookings"]
            ],
            "credits": [
                {
                    "line": line["line"],
                    "booking_id": line["booking_id"],
                    "amount_cents": self.answers.credit_cents,
                }
                for line in request["cancellations"]
            ],
            "offices": [{**self._office(len(charged)), "cancellations_cents": 0}],
        }

    @rpc(from_service("booking"), request=Anything())
    def settle(self, context, request):
        self.answers.say()
        self.answers.settled.append({**request, "organisation_id": context.organisation_id})
        office = self._office(len(request["held"]))
        state = "due" if office["amount_due_cents"] else "settled"
        return {"state": state, "offices": [office] if request["held"] else []}

    def _office(self, lines):
        bookings_cents = lines * self.answers.price_cents
        used_cents = min(bookings_cents, self.answers.avoirs_cents)
        return {
            **OFFICE,
            "bookings_cents": bookings_cents,
            "credits_used_cents": used_cents,
            "amount_due_cents": bookings_cents - used_cents,
        }
