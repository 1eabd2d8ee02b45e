"""What the lines of a basket would be answered, and what they were."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from booking.basket.rules.lines import (
    ReviewInput,
    in_order,
    is_offered,
    line_of_record,
    lines_of,
    pools_of,
    refused_at_once,
)
from booking.basket.rules.prices import free_quote
from booking.confirmations.rules.orders import Holding, answered, order_of, owner_of, to_write
from booking.confirmations.rules.payments import payment_now
from booking.confirmations.rules.standing import record_of_line
from booking.offer.model import Afterwards, Gauge, PartOfDay, Period
from booking.seats.model import Answer, Counters, First, Place, SeatEntry, SeatsDocument, Slot
from booking.seats.rules import pool_id, seats_id, slot_id
from booking.vocabulary import (
    Action,
    BookingState,
    ChargingMode,
    DayPart,
    DecisionMode,
    Reason,
    SettlementAnswer,
    SettlementState,
    Verdict,
)
from tests.booking.basket.test_baskets import confirmation, line, movement
from tests.booking.offer.test_attending import MONDAY, NOW, activity, child, offer

OPEN = Period("p", "P", ("verne",), date(2026, 11, 2), date(2026, 12, 18), None, None)
POOL = pool_id("soir", "verne")
SEATS = seats_id("town", POOL, MONDAY)
SLOT = slot_id("soir", "verne", "evening")
LATER = NOW + timedelta(days=3)


def given(*, taken=0, waiting=0, place=None, closes_at=LATER, slots=True, **changes):
    slot = Slot(SLOT, "soir", "verne", DayPart.EVENING, ("places",), LATER, cancelling_closes_at=closes_at)
    slot = replace(slot, waiting_max=2, waiting=waiting)
    places = {(SLOT, "zoe"): place} if place else {}
    counters = Counters(SEATS, POOL, MONDAY, (Gauge("places", 1, taken),), (slot,) if slots else (), places)
    town = offer(activity(**changes), periods=(OPEN,))
    return ReviewInput(town, {"zoe": child()}, {SEATS: counters}, NOW)


def one_line(seen, action=Action.BOOK):
    (found,) = lines_of([movement(action=action)], seen, ["b"])
    return found


@pytest.mark.parametrize(
    ("seen", "answer"),
    [
        (given(), Answer(Verdict.ACCEPTED)),
        (given(charging_mode=ChargingMode.PREPAID), Answer(Verdict.HELD)),
        (given(taken=1, waiting=1), Answer(Verdict.WAITLISTED, rank=2)),
        (given(taken=1, waiting=2), Answer(Verdict.REFUSED, Reason.FULL)),
        (given(place=Place("x", BookingState.ACCEPTED)), Answer(Verdict.REFUSED, Reason.DUPLICATE)),
        (given(slots=False), Answer(Verdict.REFUSED, Reason.NOT_OPEN)),
        (given(age_max=5), Answer(Verdict.REFUSED, Reason.AGE)),
        (given(decision_mode=DecisionMode.ON_REQUEST), Answer(Verdict.REQUESTED)),
    ],
)
def test_a_review_says_what_booking_would_get(seen, answer):
    assert one_line(seen).answer == answer


@pytest.mark.parametrize(
    ("seen", "answer"),
    [
        (given(), Answer(Verdict.REFUSED, Reason.NOT_BOOKED)),
        (given(place=Place("x", BookingState.ACCEPTED)), Answer(Verdict.CANCELLED)),
        (given(place=Place("x", BookingState.WAITLISTED, 1)), Answer(Verdict.CANCELLED)),
        (
            given(place=Place("x", BookingState.ACCEPTED), closes_at=NOW),
            Answer(Verdict.REFUSED, Reason.PAST_DEADLINE),
        ),
        (
            given(place=Place("x", BookingState.ACCEPTED), decision_mode=DecisionMode.ON_REQUEST),
            Answer(Verdict.CANCELLATION_REQUESTED),
        ),
        (
            given(place=Place("x", BookingState.WAITLISTED, 1), decision_mode=DecisionMode.ON_REQUEST),
            Answer(Verdict.CANCELLED),
        ),
        (
            given(place=Place("x", BookingState.ACCEPTED, foreign=True)),
            Answer(Verdict.REFUSED, Reason.NOT_BOOKED),
        ),
    ],
)
def test_a_review_says_what_cancelling_would_get(seen, answer):
    assert one_line(seen, Action.CANCEL).answer == answer


def noon_and_evening(taken):
    """A day of two slots with a gauge each, of one place."""
    parts = tuple(
        PartOfDay(day_part, time(arrives), time(arrives + 1), (day_part.value,))
        for day_part, arrives in ((DayPart.NOON, 12), (DayPart.EVENING, 17))
    )
    slots = tuple(
        Slot(
            slot_id("soir", "verne", p.day_part), "soir", "verne", p.day_part, p.gauges, LATER, waiting_max=3
        )
        for p in parts
    )
    gauges = tuple(Gauge(p.day_part.value, 1, taken) for p in parts)
    counters = Counters(SEATS, POOL, MONDAY, gauges, slots, {})
    town = offer(activity(parts=parts, gauges=gauges), periods=(OPEN,))
    return ReviewInput(town, {"zoe": child()}, {SEATS: counters}, NOW)


@pytest.mark.parametrize(
    ("taken", "answer"), [(0, Answer(Verdict.ACCEPTED)), (1, Answer(Verdict.WAITLISTED, rank=1))]
)
def test_a_line_takes_nothing_from_another_slot_of_its_day(taken, answer):
    wanted = [replace(movement(), day_part=day_part) for day_part in (DayPart.NOON, DayPart.EVENING)]
    lines = lines_of(wanted, noon_and_evening(taken), ["b", "c"])
    assert [one.answer for one in lines] == [answer, answer]


@pytest.mark.parametrize("state", [BookingState.REQUESTED, BookingState.SUBMITTED])
def test_what_was_only_asked_for_frees_no_seat_when_it_is_given_up(state):
    seen = given(taken=1, place=Place("x", state))
    seen = replace(seen, children={"zoe": child(), "leo": replace(child(), id="leo")})
    wanted = [movement(action=Action.CANCEL), replace(movement(), child_id="leo")]
    given_up, asked = lines_of(wanted, seen, ["b", "c"])
    assert given_up.answer.verdict is Verdict.CANCELLED
    assert asked.answer == Answer(Verdict.WAITLISTED, rank=1)


def test_a_seat_given_back_after_the_queue_stopped_moving_leaves_the_queue_as_long_as_it_was():
    seen = given(taken=1, waiting=1, place=Place("x", BookingState.ACCEPTED), closes_at=NOW)
    counters = seen.counters[SEATS]
    slots = (replace(counters.slots[0], cancelling_afterwards=Afterwards.SURCHARGE),)
    seen = replace(
        seen,
        children={"zoe": child(), "leo": replace(child(), id="leo")},
        counters={SEATS: replace(counters, slots=slots)},
    )
    wanted = [movement(action=Action.CANCEL), replace(movement(), child_id="leo")]
    given_back, asked = lines_of(wanted, seen, ["b", "c"])
    assert given_back.answer == Answer(Verdict.CANCELLED, in_time=False)
    assert asked.answer == Answer(Verdict.WAITLISTED, rank=2)


def test_a_centre_that_is_gone_is_not_offered_by_an_activity_that_still_names_it():
    names_both = activity(centre_ids=("verne", "gone"))
    wanted = replace(movement(), centre_id="gone")
    assert not is_offered(wanted, offer(names_both), {"zoe": child()})


def test_a_day_without_seats_is_not_open():
    seen = replace(given(), counters={})
    assert one_line(seen).answer == Answer(Verdict.REFUSED, Reason.NOT_OPEN)
    assert one_line(seen).seats_id is None


def test_cancellations_come_first_then_the_days_in_their_order():
    tuesday = movement(date(2026, 11, 17))
    gone = movement(date(2026, 11, 30), Action.CANCEL)
    assert in_order([tuesday, movement(), gone]) == [gone, movement(), tuesday]
    assert pools_of([tuesday, gone]) == ([POOL], (date(2026, 11, 17), date(2026, 11, 30)))


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({}, True),
        ({"child_id": "ida"}, False),
        ({"activity_id": "chess"}, False),
        ({"centre_id": "moon"}, False),
        ({"day_part": DayPart.NOON}, False),
    ],
)
def test_a_movement_names_things_that_exist(changes, offered):
    wanted = replace(movement(), **changes)
    assert is_offered(wanted, offer(activity()), {"zoe": child()}) is offered


def test_a_booking_that_stands_is_a_line_again_even_when_its_activity_is_gone():
    record = record_of_line(confirmation(line()), "b1")
    known = line_of_record(record, activity(decision_mode=DecisionMode.ON_REQUEST), 1)
    gone = line_of_record(record, None, 1)
    assert (known.decision_mode, known.gauges) == (DecisionMode.ON_REQUEST, ("places",))
    assert (gone.decision_mode, gone.gauges, gone.booking_id) == (DecisionMode.INSTANT, ("places",), "b1")


def test_answers_are_read_from_the_seats_and_refusals_of_rules_stay():
    slot = Slot(SLOT, "soir", "verne", DayPart.EVENING, ("places",), LATER)
    got = SeatEntry(
        "b1", SLOT, "zoe", "c", 1, first=First(Verdict.HELD, None, LATER), state=BookingState.HELD
    )
    document = SeatsDocument("s", "town", POOL, MONDAY, slots=(slot,), taken=(got,))
    refused = line(2, answer=Answer(Verdict.REFUSED, Reason.AGE))
    asked = confirmation(
        line(), refused, line(3, action=Action.CANCEL, booking_id="b8"), line(4, seats_id="x")
    )
    holding = Holding(1500, 86400)
    done = answered(asked, {"s": document}, holding, NOW)
    assert [one.answer.reason for one in done.lines] == [
        None,
        Reason.AGE,
        Reason.NOT_BOOKED,
        Reason.NOT_OPEN,
    ]
    assert done.lines[0].answer.held_until == LATER
    assert [one.line for one in to_write(asked, Action.BOOK)] == [1, 4]
    order = order_of(line(), owner_of(asked), holding)
    assert (order.hold_s, order.promoted_hold_s) == (1500, 86400)
    assert order.told()["day"] == "2026-11-16"
    invoiced = line(charging_mode=ChargingMode.INVOICED)
    assert order_of(invoiced, owner_of(asked), holding).hold_s is None


def test_a_basket_of_free_lines_has_a_quote_of_its_own():
    quote = free_quote("q", NOW)
    assert (quote.prices_cents, quote.expires_at) == ({}, NOW + timedelta(minutes=30))


def test_a_line_that_no_price_was_asked_for_stays_refused():
    unpriced = line(charging_mode=ChargingMode.PREPAID, answer=Answer(Verdict.REFUSED, Reason.NOT_OPEN))
    assert refused_at_once(unpriced, given()).answer == unpriced.answer


@pytest.mark.parametrize(
    ("money", "states", "shown"),
    [
        (SettlementState.SETTLED, ["expired"], SettlementState.SETTLED),
        (SettlementState.DUE, [], SettlementState.DUE),
        (SettlementState.DUE, ["held", "expired"], SettlementState.DUE),
        (SettlementState.DUE, ["accepted", "cancelled"], SettlementState.SETTLED),
        (SettlementState.PENDING, ["expired", "cancelled"], SettlementState.NONE),
    ],
)
def test_what_no_seat_is_held_for_is_not_due(money, states, shown):
    held = [
        line(n, booking_id=f"b{n}", answer=Answer(Verdict.HELD, held_until=LATER))
        for n in range(1, len(states) + 1)
    ]
    asked = replace(confirmation(*held), money=SettlementAnswer(money, amount_due_cents=376))
    records = {
        one.booking_id: replace(record_of_line(asked, one.booking_id), state=BookingState(state))
        for one, state in zip(held, states, strict=True)
    }
    now = payment_now(asked, records)
    assert (now.state, now.amount_due_cents) == (shown, 376 if shown is money else 0)
