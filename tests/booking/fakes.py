"""Fakes of booking's stores, of billing and of a town, for tests of doors in milliseconds.

The seats are kept by the pure model, which is the oracle of the real ones; the rest are dicts.
"""

from collections import Counter
from dataclasses import replace
from functools import partial

from booking.basket.model import BasketState, Draft
from booking.basket.store import Drafts
from booking.bookings.model import BookingRecord
from booking.bookings.rules import GIVEN_UP, standing_after
from booking.bookings.store import Bookings
from booking.confirmations.store import ChildrenBusyError, Confirmations, Numbers
from booking.copies.store import Children, Organisations
from booking.offer.model import BookingSettings
from booking.offer.store import BookingSettingsStore, Offers
from booking.ports import Ports
from booking.seats import rules
from booking.seats.model import Counters, Place, SeatEvent, SeatOrder, Stamp, Withdrawal
from booking.seats.store import Seats
from booking.vocabulary import (
    Action,
    BookingFacts,
    BookingState,
    ChargingMode,
    CreditGiven,
    DayPart,
    DecisionMode,
    OfficeDue,
    QuotedPrices,
    SettlementAnswer,
    SettlementState,
    Verdict,
)
from chassis.storage.documents import Mapper
from chassis.testing import FrozenClock
from chassis.testing.doors import Alarms, Bells, call, tools
from chassis.values.errors import Refused, Unavailable

FACTS = Mapper()


class FakeOrganisations:
    def __init__(self):
        self.kept = {}

    def keep(self, scope, organisation, sequence):
        self.kept[scope.organisation_id] = (organisation, sequence)

    def find(self, scope):
        found = self.kept.get(scope.organisation_id)
        return found and found[0]


class FakeOffers:
    def __init__(self, offer):
        self.offer = offer

    def read(self, scope):
        return self.offer if scope.organisation_id == self.offer.organisation.id else None

    def known(self, scope):
        if self.read(scope) is None:
            raise Refused("not_found", "the organisation is not known here")
        return self.offer


class FakeSettings:
    def __init__(self):
        self.decided = BookingSettings()

    def read(self, _scope):
        return self.decided


class FakeChildren:
    def __init__(self, *children):
        self.kept = {child.id: child for child in children}

    def keep(self, _scope, child, _sequence):
        self.kept[child.id] = child

    def keep_enrolment(self, _scope, child_id, _enrolment_id, enrolment, _sequence):
        self.kept[child_id] = replace(self.kept[child_id], enrolments=(enrolment,))

    def of_family(self, scope):
        return [each for each in self.kept.values() if {*scope.family_ids} & {*each.family_ids}]

    def names(self, scope):
        return {child.id: child.name for child in self.of_family(scope)}

    def current(self, scope):
        return {child.id: child for child in self.of_family(scope)}

    def own(self, scope, child_ids):
        found = {child_id: self.current(scope).get(child_id) for child_id in child_ids}
        if None in found.values():
            raise Refused("not_found", "no such child")
        return found


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


class FakeDrafts:
    def __init__(self):
        self.open_ones = {}

    def open(self, scope, fresh, now):
        whose = (fresh.account_id, scope.family_id)
        mine = [one for one in self.open_ones.values() if (one.account_id, one.family_id) == whose]
        if not mine:
            made = Draft(fresh.id, scope.organisation_id, fresh.account_id, 0, (), now)
            mine = [replace(made, family_id=scope.family_id)]
            self.open_ones[fresh.id] = mine[0]
        return mine[0]

    def find(self, scope, key):
        found, whose = self.open_ones.get(key.id), (key.account_id, scope.family_id)
        return found if found and (found.account_id, found.family_id) == whose else None

    def keep_movements(self, scope, draft, movements, now):
        return self._keep(
            scope, draft, movements=tuple(movements), review=None, updated_at=now, version=draft.version + 1
        )

    def keep_review(self, scope, draft, review):
        return self._keep(scope, draft, review=review) is not None

    def close(self, scope, key, _now):
        return self.find(scope, key) is not None and self.open_ones.pop(key.id) is not None

    def _keep(self, scope, draft, **changes):
        found = self.find(scope, draft.key)
        if found is None or found.version != draft.version:
            return None
        self.open_ones[draft.id] = replace(self.open_ones[draft.id], **changes)
        return self.open_ones[draft.id]


class FakeConfirmations:
    """The confirmations, and the baskets that they are made of."""

    def __init__(self, drafts, seats):
        self.kept, self.told, self.settle_at, self.drafts, self.seats = {}, [], {}, drafts, seats

    def asked(self, scope, key, basket):
        return self.asked_as(scope, key) or self.drafts.find(scope, basket)

    def asked_as(self, scope, name):
        found = filter(None, map(partial(self.find, scope), self.kept))
        return next((one for one in found if one.asked_as == name), None)

    def begin(self, scope, confirmation, basket=None):
        children = {line.facts.child_id for line in confirmation.lines}
        if self.asked_as(scope, confirmation.asked_as) or self.open_for(scope, children):
            return False
        if basket is not None and self.drafts.open_ones.get(basket.id) != basket:
            return False
        self.drafts.open_ones.pop(basket and basket.id, None)
        self.kept[confirmation.id] = confirmation
        return True

    def in_turn(self, scope, turn, work):
        if self.open_for(scope, turn.child_ids):
            raise ChildrenBusyError(turn.id)
        return work(self.seats)

    def resume(self, _scope, confirmation_id):
        return self.kept.get(confirmation_id)

    def find(self, scope, confirmation_id):
        found = self.kept.get(confirmation_id)
        return found if found and found.family_id in scope.family_ids else None

    def of_booking(self, _scope, booking_id):
        return next(
            (
                one
                for one in self.kept.values()
                for line in one.lines
                if (line.booking_id, line.action) == (booking_id, Action.BOOK)
            ),
            None,
        )

    def open_for(self, _scope, child_ids):
        return next(
            (
                one
                for one in self.kept.values()
                if one.state is BasketState.CONFIRMING
                and {line.facts.child_id for line in one.lines} & set(child_ids)
            ),
            None,
        )

    def take_over(self, _scope, confirmation_id, now, lease_until):
        found = self.kept.get(confirmation_id)
        if found is None or found.state is not BasketState.CONFIRMING or found.lease_until > now:
            return None
        self.kept[confirmation_id] = replace(found, lease_until=lease_until)
        return self.kept[confirmation_id]

    def give_back(self, _scope, confirmation, now):
        self.kept[confirmation.id] = replace(self.kept[confirmation.id], lease_until=now)

    def answer(self, _scope, confirmation, events, settle_at):
        if self.kept[confirmation.id].state is not BasketState.CONFIRMING:
            return False
        self.kept[confirmation.id] = confirmation
        self.told += events
        self._settle(confirmation.id, settle_at)
        return True

    def keep_money(self, _scope, confirmation_id, money, settle_at):
        if self.kept[confirmation_id].money.state is not SettlementState.SETTLED:
            self.kept[confirmation_id] = replace(self.kept[confirmation_id], money=money)
            self._settle(confirmation_id, settle_at)

    def page(self, scope, _before, limit):
        own = (one for one in self.kept.values() if one.family_id in scope.family_ids)
        return sorted(own, key=lambda one: (one.asked_at, one.id), reverse=True)[:limit]

    def unanswered(self, now, limit):
        waiting = (one for one in self.kept.values() if one.state is BasketState.CONFIRMING)
        return [one for one in waiting if one.lease_until <= now][:limit]

    def unsettled(self, now, limit):
        return [self.kept[each] for each, at in self.settle_at.items() if at <= now][:limit]

    def next_due(self, after):
        waiting = [one.lease_until for one in self.kept.values() if one.state is BasketState.CONFIRMING]
        return min((at for at in (*waiting, *self.settle_at.values()) if at > after), default=None)

    def _settle(self, confirmation_id, settle_at):
        self.settle_at.pop(confirmation_id, None)
        if settle_at is not None:
            self.settle_at[confirmation_id] = settle_at


class FakeNumbers:
    def __init__(self):
        self.last = 0

    def take(self, _scope, year, count):
        self.last += count
        return [f"{year}-{number:06d}" for number in range(self.last - count + 1, self.last + 1)]


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


class Town:
    """A town of fakes: `town.as_(person)` is the call with which a door is used."""

    def __init__(self, offer, *children):
        self.clock, self.bell, self.timers = FrozenClock(), Bells(), Alarms()
        self.billing, self.seats = FakeBilling(self.clock), FakeSeats()
        self.bookings, self.drafts = FakeBookings(self.seats), FakeDrafts()
        self.confirmations = FakeConfirmations(self.drafts, self.seats)
        self.children, self.offers = FakeChildren(*children), FakeOffers(offer)
        self.organisations, self.offer = FakeOrganisations(), offer
        self.settings = FakeSettings()
        stores = {
            Organisations: self.organisations,
            Offers: self.offers,
            BookingSettingsStore: self.settings,
            Children: self.children,
            Seats: self.seats,
            Bookings: self.bookings,
            Drafts: self.drafts,
            Confirmations: self.confirmations,
            Numbers: FakeNumbers(),
        }
        self.tools = tools(
            "booking",
            stores=stores,
            ports=Ports(self.billing),
            clock=self.clock,
            bell=self.bell,
            timers=self.timers,
        )

    def as_(self, context):
        return call(self.tools, context)

    def states(self):
        return {row.facts.child_id: row.state.value for row in self.bookings.all().values()}


def verdicts(reply):
    return [Verdict(line["verdict"]).value for line in reply["confirmation"]["lines"]]
