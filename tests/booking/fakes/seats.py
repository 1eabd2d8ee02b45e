"""Days kept by the pure model, which is the oracle of the real ones, and the book of what they tell."""

from collections import Counter
from dataclasses import replace

from booking.bookings.model import BookingRecord
from booking.bookings.rules import GIVEN_UP, standing_after
from booking.seats import rules
from booking.seats.model import Counters, Place, SeatEvent, SeatOrder, Stamp, Withdrawal
from booking.vocabulary import BookingFacts, BookingState, ChargingMode, DayPart, DecisionMode
from chassis.storage.documents import Mapper

FACTS = Mapper()


class FakeSeats:
    """Days by id, changed by the model of the rules as the pipelines change the real ones."""

    def __init__(self):
        self.days = {}

    def open(self, day, stamp):
        self.days[day.id] = rules.reshape(day, day.gauges, day.slots, stamp)

    def reshape(self, day, stamp):
        self.days[day.id] = rules.reshape(self.days[day.id], day.gauges, day.slots, stamp)

    def tick(self, now):
        self.days = {each: rules.tick(day, Stamp(now)) for each, day in self.days.items()}

    def apply(self, changes):
        for change in changes:
            self._change(change)

    def apply_reading(self, changes, _wanted):
        self.apply(changes)
        return {one.seats_id: self.days[one.seats_id] for one in changes if one.seats_id in self.days}

    def read(self, _scope, seats_ids, _wanted):
        return {each: self.days[each] for each in seats_ids if each in self.days}

    def of_children(self, _scope, child_ids, span):
        days = (day for day in self.days.values() if span[0] <= day.day <= span[1])
        return [day for day in days if any(entry.child_id in child_ids for entry in _standing(day))]

    def counters(self, scope, pool_ids, span, child_ids):
        return [
            Counters(day.id, day.pool_id, day.day, day.gauges, day.slots, _places(day, scope, child_ids))
            for day in self.days.values()
            if day.pool_id in pool_ids and span[0] <= day.day <= span[1]
        ]

    def overdue(self, now, _organisation_ids):
        days = self.days.values()
        return [
            (day.organisation_id, day.id) for day in days if day.next_expiry_at and day.next_expiry_at <= now
        ]

    def next_expiry(self, after, _organisation_ids):
        ends = (day.next_expiry_at for day in self.days.values())
        return min((at for at in ends if at and at > after), default=None)

    def organisation_ids(self):
        return sorted({day.organisation_id for day in self.days.values()})

    def _change(self, change):
        day, asked = self.days.get(change.seats_id), change.values
        if day is None or day.organisation_id != change.organisation_id:
            return
        stamp = Stamp(asked["now"], asked["request_id"], asked.get("actor"))
        if "by_line" in asked:
            given_up = Withdrawal(
                asked["booking_id"], asked["by_confirmation_id"], asked["by_line"], asked["on_request"]
            )
            day = rules.cancel(day, given_up, stamp)
        elif "retake" in asked:
            paid = replace(_order(asked), retake=asked["retake"], elsewhere=asked["elsewhere"])
            day = rules.pay(day, paid, stamp)
        elif "entry" in asked:
            day = rules.book(day, _order(asked), stamp)
        else:
            day = rules.tick(day, stamp)
        self.days[change.seats_id] = day


def _order(asked):
    entry, told = asked["entry"], asked.get("facts")
    return SeatOrder(
        booking_id=entry["booking_id"],
        slot=entry["slot"],
        confirmation_id=entry["confirmation_id"],
        line=entry["line"],
        family_id=entry["family_id"],
        account_id=told and told["account_id"],
        gauges=tuple(entry["gauges"]),
        hold_s=entry.get("hold_s"),
        promoted_hold_s=entry.get("promoted_hold_s"),
        facts=FACTS.from_document(BookingFacts, told) if told else _unknown(entry),
        decision_mode=DecisionMode(asked.get("decision_mode", "instant")),
    )


def _unknown(entry):
    """A payment is made for a child of which the seats document knows nothing but its id."""
    return BookingFacts(
        entry["child_id"], *["?"] * 5, "?", None, DayPart.NOON, None, None, ChargingMode.PREPAID
    )


def _standing(day):
    return day.taken + day.waiting + day.asked


def _places(day, scope, child_ids):
    ranks, places = Counter(), {}
    for entry in _standing(day):
        rank = None
        if entry in day.waiting:
            ranks[entry.slot] += 1
            rank = ranks[entry.slot]
        foreign = scope.family_id is not None and entry.family_id not in scope.family_ids
        if entry.child_id in child_ids:
            places[entry.slot, entry.child_id] = Place(
                entry.booking_id, entry.state, rank, entry.held_until, foreign
            )
    return places


class FakeBookings:
    """The book, folded from the events that the days have logged."""

    def __init__(self, seats):
        self.seats = seats

    def all(self):
        book = {}
        for day in self.seats.days.values():
            for event in day.events:
                self._fold(book, day, event)
        return book

    def find(self, scope, booking_id):
        found = self.all().get(booking_id)
        return found if found and found.family_id in scope.family_ids else None

    def named(self, _scope, booking_ids):
        return {each: row for each, row in self.all().items() if each in booking_ids}

    def of_confirmations(self, _scope, confirmation_ids):
        return {each: row for each, row in self.all().items() if row.confirmation_id in confirmation_ids}

    def closed_to_payment(self, _scope, booking_ids):
        return {each: False for each, row in self.named(None, booking_ids).items() if row.state in GIVEN_UP}

    def page(self, scope, filters, _after, limit):
        own = (row for row in self.all().values() if row.family_id in scope.family_ids)
        wanted = (row for row in own if not filters.states or row.state in filters.states)
        return sorted(wanted, key=lambda row: (row.facts.day, row.id))[:limit]

    def total_cents(self, scope, filters):
        return sum(row.facts.cost_cents or 0 for row in self.page(scope, filters, None, 1_000))

    @staticmethod
    def _fold(book, day, event):
        before = book.get(event.aggregate_id)
        standing = standing_after(SeatEvent(event.name), event.data, before and before.state)
        if before is None:
            told = event.data
            before = BookingRecord(
                id=event.aggregate_id,
                organisation_id=day.organisation_id,
                family_id=told["family_id"],
                account_id=told["account_id"],
                facts=FACTS.from_document(BookingFacts, told),
                state=BookingState.ACCEPTED,
                rank=None,
                held_until=None,
                confirmation_id=told["confirmation_id"],
                line=told["line"],
                seats_id=day.id,
                slot=rules.slot_id(told["activity_id"], told["centre_id"], told["day_part"]),
            )
        book[event.aggregate_id] = replace(
            before, state=standing.state, rank=standing.rank, held_until=standing.held_until
        )
