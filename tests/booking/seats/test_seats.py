from dataclasses import replace
from datetime import timedelta

import pytest

from booking.offer.model import Afterwards, Gauge
from booking.seats import rules
from booking.seats.model import Answer, SeatEvent, Withdrawal
from booking.vocabulary import BookingState, DecisionMode, Reason, Verdict
from tests.booking.seats.both import a_slot, an_order

ANNA, BRUNO, CHLOE, DAVID = (an_order(name) for name in ("Anna", "Bruno", "Chloe", "David"))
ONE_PLACE = (Gauge("places", 1),)


def prepaid(order, hold_s=600, promoted_hold_s=3600):
    return replace(order, hold_s=hold_s, promoted_hold_s=promoted_hold_s)


def test_a_free_seat_is_accepted_at_once_when_nothing_is_to_be_paid(day):
    assert day.book(ANNA) == Answer(Verdict.ACCEPTED, booking_id=ANNA.booking_id)
    assert day.told(ANNA) == ["booking_accepted"]
    assert day.data(ANNA, "booking_accepted") == {"how": "booked"}


def test_a_prepaid_seat_is_held_until_the_time_to_pay_has_gone(day):
    answer = day.book(prepaid(ANNA))

    assert (answer.verdict, answer.held_until) == (Verdict.HELD, day.now + timedelta(seconds=600))
    assert day.document.next_expiry_at == answer.held_until
    assert day.data(ANNA, "booking_held") == {"held_until": answer.held_until}


def test_those_who_come_after_wait_with_their_rank_until_the_list_is_full(a_day_of):
    day = a_day_of(a_slot(waiting_max=2))

    answers = [day.book(order) for order in (ANNA, BRUNO, CHLOE, DAVID)]

    assert [(a.verdict, a.rank, a.reason) for a in answers] == [
        (Verdict.ACCEPTED, None, None),
        (Verdict.WAITLISTED, 1, None),
        (Verdict.WAITLISTED, 2, None),
        (Verdict.REFUSED, None, Reason.FULL),
    ]
    assert day.data(CHLOE, "booking_waitlisted") == {"rank": 2}


def test_a_seat_freed_by_a_cancellation_goes_to_the_head_of_the_queue(day):
    for order in (ANNA, prepaid(BRUNO), CHLOE):
        day.book(order)

    assert day.cancel(ANNA).verdict is Verdict.CANCELLED

    assert (day.state(BRUNO), day.state(CHLOE)) == (BookingState.HELD, BookingState.WAITLISTED)
    until = day.now + timedelta(seconds=3600)
    assert day.data(BRUNO, "seat_promoted") == {"to": "held", "held_until": until}
    assert day.data(ANNA, "booking_cancelled") == {"was": "accepted", "in_time": True}


def test_a_promoted_seat_that_needs_no_payment_is_accepted_and_says_so(day):
    day.book(ANNA)
    day.book(BRUNO)

    day.cancel(ANNA)

    assert day.told(BRUNO) == ["booking_waitlisted", "seat_promoted", "booking_accepted"]
    assert day.data(BRUNO, "booking_accepted") == {"how": "promoted"}


def test_a_hold_that_is_not_paid_frees_its_seat_for_the_next(day):
    day.book(prepaid(ANNA))
    day.book(BRUNO)

    day.later(seconds=600).tick()

    assert (day.state(ANNA), day.state(BRUNO)) == (BookingState.EXPIRED, BookingState.ACCEPTED)
    assert day.told(ANNA) == ["booking_held", "hold_expired"]
    assert day.document.next_expiry_at is None


def test_a_seat_is_held_no_longer_than_until_care_begins(day):
    first, second = (
        an_order(name, hold_s=1500, promoted_hold_s=86_400, past_deadline_allowed=True)
        for name in ("Anna", "Bruno")
    )
    begins = a_slot().starts_at
    day.reshape((Gauge("places", 1),), (a_slot(promotes_late=True),))
    day.later(days=6, minutes=-10)
    assert day.book(first).held_until == begins
    assert day.book(second).rank == 1
    day.cancel(first, forced=True)
    assert day.data(second, "seat_promoted")["held_until"] == begins


def test_the_same_line_sent_twice_gets_the_same_answer_and_one_effect_even_after_its_hold_expired(day):
    first = day.book(prepaid(ANNA))
    assert day.book(prepaid(ANNA)) == first

    day.later(seconds=601).tick()

    assert day.book(prepaid(ANNA)) == first
    assert day.state(ANNA) is BookingState.EXPIRED
    assert day.document.taken == ()
    assert day.told(ANNA) == ["booking_held", "hold_expired"]


def test_a_waiting_line_sent_again_after_its_promotion_keeps_its_first_rank(day):
    day.book(ANNA)
    first = day.book(BRUNO)
    day.cancel(ANNA)

    assert day.book(BRUNO) == first == Answer(Verdict.WAITLISTED, None, 1, None, BRUNO.booking_id)


def test_who_has_gone_is_forgotten_after_fifteen_minutes(day):
    day.book(ANNA)
    day.cancel(ANNA)

    day.later(minutes=14).tick()
    assert day.state(ANNA) is BookingState.CANCELLED
    day.later(minutes=1).tick()
    assert day.state(ANNA) is None


@pytest.mark.parametrize("mode", DecisionMode)
def test_a_child_stands_once_in_a_slot_seated_waiting_or_asked(a_day_of, mode):
    day = a_day_of()
    day.book(replace(ANNA, decision_mode=mode))

    again = an_order("Anna", "another confirmation")

    assert day.book(again) == Answer(Verdict.REFUSED, Reason.DUPLICATE)
    day.book(replace(BRUNO, decision_mode=mode))
    day.book(an_order("Bruno", "another confirmation of Bruno"))
    assert sum(e.child_id == "Bruno" for e in day.document.taken + day.document.waiting) <= 1


def test_a_child_whose_id_starts_with_a_dollar_is_a_child_like_any_other(a_day_of):
    day = a_day_of(gauges=(Gauge("places", 2),))
    order = an_order("$child_id", "$$ROOT")

    assert day.book(order).verdict is Verdict.ACCEPTED
    assert day.document.taken[0].child_id == "$child_id"
    assert day.book(an_order("$taken", "$taken")).verdict is Verdict.ACCEPTED
    assert day.cancel(order, "$_id").verdict is Verdict.CANCELLED
    assert day.document.gone[0].by_confirmation_id == "$_id"


def test_the_deadline_is_checked_in_the_write(day):
    day.later(days=3)

    assert day.book(ANNA) == Answer(Verdict.REFUSED, Reason.PAST_DEADLINE)
    on_behalf = replace(BRUNO, past_deadline_allowed=True)
    assert day.book(on_behalf).verdict is Verdict.ACCEPTED
    assert day.book(replace(CHLOE, past_deadline_allowed=True)).verdict is Verdict.WAITLISTED


@pytest.mark.parametrize(
    ("afterwards", "verdict"),
    [(Afterwards.REQUEST, Verdict.REQUESTED), (Afterwards.SURCHARGE, Verdict.ACCEPTED)],
)
def test_after_the_deadline_an_organisation_may_ask_staff_or_take_a_surcharge(a_day_of, afterwards, verdict):
    day = a_day_of(a_slot(booking_afterwards=afterwards)).later(days=3)

    assert day.book(ANNA).verdict is verdict
    assert (day.document.taken + day.document.asked)[0].late
    day.book(BRUNO)
    full = day.book(CHLOE)
    assert full.reason is None


def test_a_full_slot_after_a_deadline_with_surcharge_is_full_and_not_late(a_day_of):
    slot = a_slot(booking_afterwards=Afterwards.SURCHARGE, waiting_max=0)
    day = a_day_of(slot).later(days=3)
    day.book(ANNA)

    assert day.book(BRUNO) == Answer(Verdict.REFUSED, Reason.FULL)


def test_a_slot_that_is_unknown_or_shut_is_not_open(day):
    assert day.book(replace(ANNA, slot="elsewhere")) == Answer(Verdict.REFUSED, Reason.NOT_OPEN)
    day.reshape(day.document.gauges, (a_slot(open=False),))
    assert day.book(BRUNO) == Answer(Verdict.REFUSED, Reason.NOT_OPEN)
    assert rules.answer_to_order(None, ANNA, day.now) == Answer(Verdict.REFUSED, Reason.NOT_OPEN)


def test_too_late_to_cancel_changes_nothing_and_says_why(day):
    day.book(ANNA)
    day.book(BRUNO)
    day.later(days=4)

    assert day.cancel(ANNA).reason is Reason.PAST_DEADLINE
    assert day.cancel(BRUNO, "late leaver").reason is Reason.PAST_DEADLINE
    assert (day.state(ANNA), day.state(BRUNO)) == (BookingState.ACCEPTED, BookingState.WAITLISTED)


def test_staff_cancels_past_the_deadline_and_it_counts_as_in_time(day):
    day.book(ANNA)
    day.later(days=5)

    assert day.cancel(ANNA, forced=True).verdict is Verdict.CANCELLED
    assert day.data(ANNA, "booking_cancelled") == {"was": "accepted", "in_time": True}


def test_a_late_cancellation_with_surcharge_is_made_and_not_in_time(a_day_of):
    day = a_day_of(a_slot(cancelling_afterwards=Afterwards.SURCHARGE))
    day.book(ANNA)
    day.later(days=4)

    assert day.cancel(ANNA).verdict is Verdict.CANCELLED
    assert day.data(ANNA, "booking_cancelled")["in_time"] is False


def test_a_cancellation_on_request_waits_for_staff_and_keeps_the_seat(day):
    day.book(ANNA)
    day.book(BRUNO)

    assert day.cancel(ANNA, on_request=True).verdict is Verdict.CANCELLATION_REQUESTED
    assert day.cancel(ANNA, on_request=True).verdict is Verdict.CANCELLATION_REQUESTED
    assert day.cancel(ANNA, "other", on_request=True).reason is Reason.DUPLICATE
    assert day.state(BRUNO) is BookingState.WAITLISTED

    day.decline(ANNA)
    assert (day.state(ANNA), day.told(ANNA)[-1]) == (BookingState.ACCEPTED, "cancellation_declined")
    day.cancel(ANNA, "again", on_request=True)
    assert day.cancel(ANNA, "staff", forced=True).verdict is Verdict.CANCELLED
    assert day.state(BRUNO) is BookingState.ACCEPTED


def test_a_late_cancellation_may_be_asked_of_staff(a_day_of):
    day = a_day_of(a_slot(cancelling_afterwards=Afterwards.REQUEST))
    day.book(ANNA)
    day.book(BRUNO)
    day.later(days=4)

    assert day.cancel(ANNA).verdict is Verdict.CANCELLATION_REQUESTED
    assert day.cancel(BRUNO, "leaving").verdict is Verdict.CANCELLED


def test_cancelling_what_is_not_booked_or_already_cancelled_is_answered_not_booked(day):
    assert day.cancel(ANNA).reason is Reason.NOT_BOOKED
    day.book(ANNA)
    day.cancel(ANNA, "first")
    assert day.cancel(ANNA, "first").verdict is Verdict.CANCELLED
    assert day.cancel(ANNA, "second").reason is Reason.NOT_BOOKED
    assert day.told(ANNA) == ["booking_accepted", "booking_cancelled"]
    withdrawal = Withdrawal(ANNA.booking_id, "first", 1)
    assert rules.answer_to_withdrawal(None, withdrawal).reason is Reason.NOT_BOOKED


def test_a_booking_named_on_two_lines_of_one_basket_is_cancelled_on_the_first(day):
    day.book(ANNA)
    assert day.cancel(ANNA, "basket", line=2).verdict is Verdict.CANCELLED
    assert day.cancel(ANNA, "basket", line=3).reason is Reason.NOT_BOOKED
    assert day.cancel(ANNA, "basket", line=2).verdict is Verdict.CANCELLED


def test_after_the_cancelling_deadline_nobody_is_promoted_and_nobody_overtakes(a_day_of):
    day = a_day_of(a_slot(booking_closes_at=None))
    for order in (ANNA, BRUNO):
        day.book(order)
    day.later(days=4)
    day.cancel(ANNA, forced=True)

    assert (day.document.taken, day.state(BRUNO)) == ((), BookingState.WAITLISTED)
    assert day.book(CHLOE).rank == 2


def test_an_organisation_may_allow_promotion_after_the_cancelling_deadline(a_day_of):
    day = a_day_of(a_slot(promotes_late=True))
    for order in (ANNA, BRUNO):
        day.book(order)
    day.later(days=4)
    day.cancel(ANNA, forced=True)

    assert day.state(BRUNO) is BookingState.ACCEPTED


def test_a_full_day_uses_both_its_halves(a_day_of):
    slots = (a_slot("s", gauges=("am",)), a_slot("day", gauges=("am", "pm")))
    day = a_day_of(*slots, gauges=(Gauge("am", 2), Gauge("pm", 1)))
    morning = ("am",)
    whole = ("am", "pm")

    day.book(replace(ANNA, slot="day", gauges=whole))
    assert day.book(replace(BRUNO, slot="day", gauges=whole)).verdict is Verdict.WAITLISTED
    assert day.book(replace(CHLOE, gauges=morning)).verdict is Verdict.ACCEPTED
    assert [(gauge.name, gauge.taken) for gauge in day.document.gauges] == [("am", 2), ("pm", 1)]
    assert [(slot.id, slot.waiting) for slot in day.document.slots] == [("s", 0), ("day", 1)]


def test_one_who_is_blocked_by_a_narrower_gauge_is_stepped_over(a_day_of):
    day = a_day_of(gauges=(Gauge("places", 2), Gauge("small", 1)))
    small = ("places", "small")
    day.book(replace(ANNA, gauges=small))
    day.book(DAVID)
    day.book(replace(BRUNO, gauges=small))
    day.book(CHLOE)

    day.cancel(DAVID)

    assert (day.state(BRUNO), day.state(CHLOE)) == (BookingState.WAITLISTED, BookingState.ACCEPTED)
    day.cancel(ANNA, "second")
    assert day.state(BRUNO) is BookingState.ACCEPTED


def test_raising_the_capacity_promotes_and_lowering_it_evicts_nobody(day):
    for order in (ANNA, BRUNO, CHLOE):
        day.book(order)

    day.set_capacity("places", 2)
    assert day.state(BRUNO) is BookingState.ACCEPTED
    day.set_capacity("places", 0)
    assert len(day.document.taken) == 2
    day.set_capacity("places", None)
    assert day.state(CHLOE) is BookingState.ACCEPTED


def test_a_new_shape_shuts_what_is_no_longer_offered_and_evicts_nobody(day):
    day.book(ANNA)

    day.reshape((Gauge("tables", 3),), (a_slot("other", gauges=("tables",)),))

    assert day.state(ANNA) is BookingState.ACCEPTED
    assert [(slot.id, slot.open) for slot in day.document.slots] == [("other", True), ("s", False)]
    assert [gauge.name for gauge in day.document.gauges] == ["tables", "places"]


def test_a_payment_turns_a_hold_into_a_seat_once(day):
    day.book(prepaid(ANNA))

    day.pay(prepaid(ANNA))
    day.pay(prepaid(ANNA))

    assert day.told(ANNA) == ["booking_held", "booking_accepted"]
    assert day.data(ANNA, "booking_accepted") == {"how": "paid"}
    day.later(hours=1).tick()
    assert day.state(ANNA) is BookingState.ACCEPTED


@pytest.mark.parametrize("minutes", [11, 40])
def test_a_payment_after_the_hold_takes_the_seat_again_where_it_is_free(day, minutes):
    day.book(prepaid(ANNA))
    day.later(minutes=11).tick()
    day.later(minutes=minutes).tick()

    day.pay(prepaid(ANNA))
    day.pay(prepaid(ANNA))

    assert day.told(ANNA) == ["booking_held", "hold_expired", "booking_accepted"]


def test_a_payment_after_the_hold_is_a_lost_seat_where_somebody_else_got_it_and_once_only(day):
    day.book(prepaid(ANNA))
    day.book(BRUNO)
    day.later(minutes=11)

    day.pay(prepaid(ANNA))
    day.pay(prepaid(ANNA))

    assert (day.state(ANNA), day.state(BRUNO)) == (BookingState.EXPIRED, BookingState.ACCEPTED)
    assert day.told(ANNA).count("seat_lost") == 1


def test_a_payment_for_a_booking_that_the_family_cancelled_or_made_again_is_lost(a_day_of):
    day = a_day_of(gauges=(Gauge("places", 5),))
    day.book(prepaid(ANNA))
    day.cancel(ANNA)
    day.pay(prepaid(ANNA))
    assert day.told(ANNA)[-1] == "seat_lost"

    day.book(prepaid(BRUNO))
    day.later(minutes=11).tick()
    day.book(an_order("Bruno", "second try"))
    day.pay(prepaid(BRUNO))
    assert day.told(BRUNO)[-1] == "seat_lost"


def test_a_payment_that_comes_when_care_has_begun_or_the_slot_is_shut_is_lost(day):
    day.book(prepaid(ANNA))
    day.later(days=6)
    day.pay(prepaid(ANNA))
    assert day.told(ANNA)[-1] == "seat_lost"

    day.reshape(day.document.gauges, ())
    day.pay(prepaid(BRUNO))
    assert day.told(BRUNO) == ["seat_lost"]
    assert day.state(BRUNO) is BookingState.EXPIRED


def test_a_payment_for_a_booking_given_back_long_ago_is_lost_where_the_caller_still_knows_it(day):
    day.book(prepaid(ANNA))
    day.cancel(ANNA)
    day.later(minutes=16).tick()

    day.pay(replace(prepaid(ANNA), retake=False))

    assert (day.state(ANNA), day.told(ANNA)[-1]) == (BookingState.CANCELLED, "seat_lost")


def test_a_payment_for_one_who_waits_changes_nothing(day):
    day.book(ANNA)
    day.book(prepaid(BRUNO))
    day.pay(prepaid(BRUNO))

    assert day.told(BRUNO) == ["booking_waitlisted"]


def test_a_request_takes_no_seat_until_it_is_granted(day):
    asked = replace(prepaid(ANNA), decision_mode=DecisionMode.ON_REQUEST)
    assert day.book(asked).verdict is Verdict.REQUESTED
    assert day.data(ANNA, "booking_requested") == {"state": "requested"}
    assert day.document.gauges[0].taken == 0

    day.grant(asked)

    assert day.state(ANNA) is BookingState.HELD
    assert day.book(asked).verdict is Verdict.REQUESTED


def test_who_is_granted_a_seat_has_as_long_to_pay_as_who_waited_for_one(day):
    asked = replace(prepaid(ANNA), decision_mode=DecisionMode.ON_REQUEST)
    day.book(asked)
    day.later(minutes=5).grant(asked)
    until = day.now + timedelta(hours=1)
    assert day.data(ANNA, "seat_promoted") == {"to": "held", "held_until": until, "how": "granted"}


def test_a_granted_request_queues_when_it_is_full_and_stays_when_the_list_is_too(a_day_of):
    day = a_day_of(a_slot(waiting_max=1))
    day.book(ANNA)
    orders = [replace(order, decision_mode=DecisionMode.DEFERRED) for order in (BRUNO, CHLOE)]
    for order in orders:
        assert day.book(order).verdict is Verdict.SUBMITTED
        day.grant(order)

    assert (day.state(BRUNO), day.state(CHLOE)) == (BookingState.WAITLISTED, BookingState.SUBMITTED)
    day.grant(DAVID)
    assert day.state(DAVID) is None


def test_staff_refuses_a_request_or_one_who_waits_but_not_a_seat(day):
    day.book(ANNA)
    day.book(BRUNO)
    day.book(replace(CHLOE, decision_mode=DecisionMode.ON_REQUEST))

    for order in (ANNA, BRUNO, CHLOE, DAVID):
        day.decline(order)

    assert [day.state(order) for order in (ANNA, BRUNO, CHLOE)] == [
        BookingState.ACCEPTED,
        BookingState.REFUSED,
        BookingState.REFUSED,
    ]
    assert day.data(BRUNO, "booking_refused") == {"was": "waitlisted"}


def test_events_carry_growing_sequences_and_ids_that_follow_from_them(day):
    for order in (ANNA, BRUNO):
        day.book(order)
    day.cancel(ANNA)

    events = day.document.events
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.id for event in events] == [f"d:{event.sequence}" for event in events]
    assert {event.request_id for event in events} == {"request"}
    assert events[0].causation_id == ANNA.confirmation_id


def test_who_still_waits_when_care_begins_waits_no_more(day):
    first, second = an_order("Anna"), an_order("Bruno")
    day.book(first)
    assert day.book(second).rank == 1
    assert day.document.next_expiry_at == a_slot().starts_at
    day.now = a_slot().starts_at
    day.tick()
    assert day.document.waiting == ()
    assert [(e.booking_id, e.state) for e in day.document.gone] == [(second.booking_id, BookingState.EXPIRED)]
    assert [event.name for event in day.document.events][-1] is SeatEvent.WAITING_ENDED
    assert (day.document.next_expiry_at, day.document.slots[0].waiting) == (None, 0)


def test_nobody_is_promoted_to_a_day_that_was_closed(day):
    first, second = an_order("Anna"), an_order("Bruno")
    day.book(first)
    day.book(second)
    day.reshape(day.document.gauges, ())
    day.cancel(first)
    assert [entry.booking_id for entry in day.document.waiting] == [second.booking_id]
    assert day.document.taken == ()
