"""Runs every operation on a seats document in the pure model and in MongoDB: both must agree."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pymongo.database import Database

from booking.model import (
    Answer,
    DayPart,
    DecisionMode,
    Gauge,
    Occasion,
    Order,
    SeatsDocument,
    Slot,
    State,
    Withdrawal,
)
from booking.rules import seats as rules
from booking.store import seats as store

START = datetime(2026, 11, 10, 8, tzinfo=UTC)
DAY = date(2026, 11, 16)


def a_slot(name: str = "s", **changes: Any) -> Slot:
    slot = Slot(
        name,
        "canteen",
        "north",
        DayPart.NOON,
        ("places",),
        starts_at=START + timedelta(days=6),
        booking_closes_at=START + timedelta(days=3),
        cancelling_closes_at=START + timedelta(days=4),
        waiting_max=5,
    )
    return replace(slot, **changes)


def a_day(*slots: Slot, gauges: tuple[Gauge, ...] = (Gauge("places", 1),), name: str = "d") -> SeatsDocument:
    return SeatsDocument(name, "town", f"pool-{name}", DAY, gauges, slots or (a_slot(),))


def an_order(child: str, confirmation: str | None = None, **changes: Any) -> Order:
    confirmation = confirmation or f"confirmation of {child}"
    booking_id = f"{confirmation}/1"
    order = Order(
        booking_id,
        slot="s",
        child_id=child,
        confirmation_id=confirmation,
        line=1,
        gauges=("places",),
        hold_s=None,
        promoted_hold_s=None,
        facts={"booking_id": booking_id, "child_id": child},
        decision_mode=DecisionMode.INSTANT,
    )
    return replace(order, **changes)


class Both:
    """One seats document, kept by the model and by MongoDB; time stands still unless `later` is called."""

    def __init__(self, database: Database[dict[str, Any]], day: SeatsDocument) -> None:
        self.seats = store.Seats(database)
        self.collection = database[store.COLLECTION]
        self.now = START
        self.request_id: str | None = "request"
        self.seats.open_days([day], self.occasion)
        self.document = rules.reshape(day, day.gauges, day.slots, self.occasion)
        self.agree()

    @property
    def occasion(self) -> Occasion:
        return Occasion(self.now, self.request_id)

    def later(self, **span: float) -> "Both":
        self.now += timedelta(**span)
        return self

    def book(self, order: Order) -> Answer:
        self._do("book", order)
        return rules.answer_to_order(self.document, order, self.now)

    def cancel(self, booking: Order, confirmation: str = "cancelling", **changes: bool) -> Answer:
        withdrawal = Withdrawal(booking.booking_id, confirmation, 1, **changes)
        self._do("cancel", withdrawal)
        return rules.answer_to_withdrawal(self.document, withdrawal)

    def pay(self, order: Order) -> None:
        self._do("pay", order)

    def grant(self, order: Order) -> None:
        self._do("grant", order.booking_id)

    def decline(self, order: Order) -> None:
        self._do("decline", order.booking_id)

    def set_capacity(self, gauge: str, maximum: int | None) -> None:
        change = store.set_capacity("town", self.document.id, gauge, maximum, self.occasion)
        self._write(change, rules.set_capacity(self.document, gauge, maximum, self.occasion))

    def reshape(self, gauges: tuple[Gauge, ...], slots: tuple[Slot, ...]) -> None:
        change = store.reshape("town", self.document.id, (gauges, slots), self.occasion)
        self._write(change, rules.reshape(self.document, gauges, slots, self.occasion))

    def tick(self) -> None:
        change = store.tick("town", self.document.id, self.occasion)
        self._write(change, rules.tick(self.document, self.occasion))

    def _do(self, name: str, value: Any) -> None:
        change = getattr(store, name)("town", self.document.id, value, self.occasion)
        self._write(change, getattr(rules, name)(self.document, value, self.occasion))

    def _write(self, change: store.Change, document: SeatsDocument) -> None:
        self.seats.apply([change])
        self.document = document
        self.agree()

    def agree(self) -> None:
        assert self.seats.read_whole("town", self.document.id) == self.document
        found = self.collection.find_one({"_id": self.document.id})
        assert found is not None
        assert [name for name in found if name.startswith("_")] == ["_id"], "a pipeline left its scratch"

    def state(self, order: Order) -> State | None:
        document = self.document
        entries = document.taken + document.waiting + document.asked + document.gone
        return next((e.state for e in entries if e.booking_id == order.booking_id), None)

    def told(self, order: Order) -> list[str]:
        return [event.name.value for event in self.document.events if event.aggregate_id == order.booking_id]

    def data(self, order: Order, name: str) -> dict[str, Any]:
        events = [e for e in self.document.events if (e.aggregate_id, e.name) == (order.booking_id, name)]
        return {key: value for key, value in events[-1].data.items() if key not in order.facts}
