"""Billing as a port: prices and answers are what a test says."""

from booking.vocabulary import CreditGiven, OfficeDue, QuotedPrices, SettlementAnswer, SettlementState
from chassis.values.errors import Unavailable


class FakeBilling:
    """Prices everything alike; avoirs and silence are what a test says."""

    price_cents = 376

    def __init__(self, clock):
        self.clock, self.avoirs_cents, self.silent = clock, 0, False
        self.quoted, self.settled = [], []

    def quote(self, context, quote_id, bookings, cancellations):
        self._speak()
        self.quoted.append((context, bookings, cancellations))
        due = [each for each in bookings if each.charged]
        return QuotedPrices(
            quote_id,
            self.clock.now().replace(hour=23),
            {each.line: self.price_cents for each in bookings},
            {each.line: self.price_cents for each in cancellations},
            self._offices(len(due)),
        )

    def settle(self, context, settlement):
        if self.silent:
            return None
        self.settled.append((context, settlement))
        offices = self._offices(len(settlement.held))
        due_cents = sum(office.amount_due_cents for office in offices)
        state = SettlementState.DUE if due_cents else SettlementState.SETTLED
        until = min((held_until for _, _, held_until in settlement.held), default=None)
        notes = [CreditGiven(each, f"A-{line}", self.price_cents) for line, each in settlement.cancelled]
        return SettlementAnswer(state, until, due_cents, offices, tuple(notes))

    def _offices(self, count):
        cents = count * self.price_cents
        used_cents = min(cents, self.avoirs_cents)
        return (OfficeDue("office", "Régie", cents, used_cents, cents - used_cents),) if count else ()

    def _speak(self):
        if self.silent:
            raise Unavailable("no_service", "billing is closed")
