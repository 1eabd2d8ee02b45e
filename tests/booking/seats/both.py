"""Runs every operation on a seats document in the pure model, and in MongoDB beside it: both must agree."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from pymongo.database import Database

from booking.offer.model import Gauge
from booking.seats import rules, store
from booking.seats.model import Answer, SeatOrder, SeatsDocument, Slot, Stamp, Withdrawal
from booking.seats.store.deciding import Decisions
from booking.vocabulary import BookingFacts, BookingState, ChargingMode, DayPart, DecisionMode
from chassis.values.scope import Scope

AGENTS_ACTS = {"grant", "decline", "set_capacity"}
START = datetime(2026, 11, 10, 8, tzinfo=UTC)
DAY = date(2026, 11, 16)
FACTS_OF_ANYBODY = BookingFacts(
    "child", "A child", "canteen", "Canteen", "meals", "north", "North", DAY, DayPart.NOON, "12:00", "13:20",
    ChargingMode.INVOICED, 376,
)  # fmt: skip
TOWN, VILLAGE = Scope("town"), Scope("village")


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


def an_order(child: str, confirmation: str | None = None, **changes: Any) -> SeatOrder:
    confirmation = confirmation or f"confirmation of {child}"
    booking_id = f"{confirmation}/1"
    order = SeatOrder(
        booking_id,
        slot="s",
        confirmation_id=confirmation,
        line=1,
        family_id=f"family of {child}",
        account_id=None,
        gauges=("places",),
        hold_s=None,
        promoted_hold_s=None,
        facts=replace(FACTS_OF_ANYBODY, child_id=child),
        decision_mode=DecisionMode.INSTANT,
    )
    return replace(order, **changes)


class Alone:
    """One seats document, kept by the model alone; time stands still unless `later` is called."""

    def __init__(self, day: SeatsDocument) -> None:
        self.now = START
        self.request_id: str | None = "request"
        self.document = rules.reshape(day, day.gauges, day.slots, self.stamp)

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.now, self.request_id, {"kind": "person", "account_id": "$ana"})

    def later(self, **span: float) -> Self:
        self.now += timedelta(**span)
        return self

    def book(self, order: SeatOrder) -> Answer:
        self._do("book", order)
        return rules.answer_to_order(self.document, order, self.now)

    def cancel(
        self, booking: SeatOrder, confirmation: str = "cancelling", line: int = 1, **changes: bool
    ) -> Answer:
        withdrawal = Withdrawal(booking.booking_id, confirmation, line, **changes)
        self._do("cancel", withdrawal)
        return rules.answer_to_withdrawal(self.document, withdrawal)

    def pay(self, order: SeatOrder) -> None:
        self._do("pay", order)

    def grant(self, order: SeatOrder) -> None:
        self._do("grant", order.booking_id)

    def decline(self, order: SeatOrder) -> None:
        self._do("decline", order.booking_id)

    def set_capacity(self, gauge: str, maximum: int | None) -> None:
        self._do("set_capacity", gauge, maximum)

    def reshape(self, gauges: tuple[Gauge, ...], slots: tuple[Slot, ...]) -> None:
        self._do("reshape", gauges, slots)

    def tick(self) -> None:
        self._do("tick")

    def _do(self, name: str, *values: Any) -> None:
        self.document = getattr(rules, name)(self.document, *values, self.stamp)

    def state(self, order: SeatOrder) -> BookingState | None:
        document = self.document
        entries = document.taken + document.waiting + document.asked + document.gone
        return next((e.state for e in entries if e.booking_id == order.booking_id), None)

    def told(self, order: SeatOrder) -> list[str]:
        return [event.name.value for event in self.document.events if event.aggregate_id == order.booking_id]

    def data(self, order: SeatOrder, name: str) -> dict[str, Any]:
        events = [e for e in self.document.events if (e.aggregate_id, e.name) == (order.booking_id, name)]
        return {key: value for key, value in events[-1].data.items() if key not in order.told()}


class Both(Alone):
    """The same, kept by MongoDB too, which must agree after every operation."""

    def __init__(self, database: Database[dict[str, Any]], day: SeatsDocument) -> None:
        super().__init__(day)
        self.database = database
        self.seats = store.Seats(database)
        self.collection = database[store.COLLECTION]
        self.seats.open_days([day], self.stamp)
        self.agree()

    def _do(self, name: str, *values: Any) -> None:
        if name in AGENTS_ACTS:
            self._decide(name, *values)
        else:
            self._ask(name, *values)
        before = self.document
        super()._do(name, *values)
        if name in AGENTS_ACTS and self.document.version == before.version:
            self.document = before  # what changes nothing is not written
        self.agree()

    def _decide(self, name: str, *values: Any) -> None:
        act = getattr(rules, name)
        Decisions(self.database).decide(TOWN, self.document.id, lambda day: act(day, *values, self.stamp))

    def _ask(self, name: str, *values: Any) -> None:
        told = (values,) if name == "reshape" else values
        change: store.Change = getattr(store, name)(TOWN, self.document.id, *told, self.stamp)
        self.seats.apply([change])

    def agree(self) -> None:
        assert self.seats.read_whole(TOWN, self.document.id) == self.document
        found = self.collection.find_one({"_id": self.document.id})
        assert found is not None
        assert [name for name in found if name.startswith("_")] == ["_id"], "a pipeline left its scratch"
