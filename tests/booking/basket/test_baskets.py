"""What becomes of a basket: drafts, overlaps, requests, and what lists say afterwards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from booking.basket.model import Draft, Line, Movement, Review
from booking.basket.rules.drafts import Ignored, NotConfirmable, changed, why_not
from booking.basket.rules.lines import ReviewInput, refused_at_once
from booking.basket.rules.overlaps import days_to_look_at, refuse_overlaps, stands_elsewhere
from booking.basket.rules.prices import is_charged, is_quoted, priced
from booking.bookings.rules import why_not_cancellable
from booking.confirmations.model import Confirmation
from booking.confirmations.rules.orders import to_write, withdrawal_of
from booking.confirmations.rules.payments import paid_at_once, pays_until, to_settle, unknown_payment, unpaid
from booking.confirmations.rules.requests import lines_of_request, requests_of
from booking.confirmations.rules.standing import record_of_line, states_of
from booking.offer.model import Afterwards
from booking.seats.model import Answer, SeatEntry, SeatsDocument, Slot
from booking.vocabulary import (
    FACTS,
    Action,
    BookingFacts,
    BookingState,
    ChargingMode,
    DayPart,
    DecisionMode,
    QuotedPrices,
    Reason,
    SettlementAnswer,
    SettlementState,
    Verdict,
)
from tests.booking.offer.test_attending import MONDAY, NOW, activity, child, offer, part

UNTIL = NOW + timedelta(minutes=25)


def movement(day=MONDAY, action=Action.BOOK, activity_id="soir"):
    return Movement(action, "zoe", activity_id, "verne", day, DayPart.EVENING)


def line(number=1, **changes):
    """A line of Zoé's evening on Monday; what is changed may be one of its facts."""
    facts = BookingFacts(
        child_id="zoe",
        child_name="Zoé Roy",
        activity_id="soir",
        activity_name="Soir",
        activity_group="g",
        centre_id="verne",
        centre_name="Verne",
        day=MONDAY,
        day_part=DayPart.EVENING,
        arrives_at="16:30",
        leaves_at="18:30",
        charging_mode=ChargingMode.PREPAID,
    )
    changed = {name: changes.pop(name) for name in FACTS if name in changes}
    made = Line(
        line=number,
        action=Action.BOOK,
        booking_id=f"b{number}",
        facts=replace(facts, **changed),
        decision_mode=DecisionMode.INSTANT,
        seats_id="s",
        slot="soir/verne/evening",
        period_id="p",
    )
    return replace(made, **changes)


def confirmation(*lines):
    return Confirmation(
        id="c",
        organisation_id="town",
        account_id="a",
        family_id="roy",
        body_sha256="",
        draft_id=None,
        quote_id=None,
        request_id="r",
        asked_at=NOW,
        lease_until=NOW,
        lines=lines,
    )


def standing(day_slot=None, **changes):
    """Zoé's sport on Monday from 18:00 to 19:00, as the day's seats have it."""
    begins = datetime(2026, 11, 16, 17, tzinfo=UTC)
    slot = day_slot or Slot("sport/verne/evening", "sport", "verne", DayPart.EVENING, ("places",), begins)
    entry = SeatEntry("other", slot.id, "zoe", "before", 1)
    made = {"taken": (replace(entry, **changes),), "slots": (slot,)}
    return SeatsDocument("d", "town", "pool", MONDAY, **made)


HELD = Answer(Verdict.HELD, held_until=UNTIL)
SPORT = activity("sport", parts=(part("07:00", "08:00", DayPart.MORNING), part("18:00", "19:00")))


@pytest.mark.parametrize(
    ("movements", "review", "why"),
    [
        ((movement(),), Review("quote", UNTIL, (), ()), None),
        ((movement(),), None, NotConfirmable.REVIEW_STALE),
        ((movement(),), Review("another", UNTIL, (), ()), NotConfirmable.REVIEW_STALE),
        ((movement(),), Review("quote", NOW, (), ()), NotConfirmable.REVIEW_STALE),
        ((), None, NotConfirmable.DRAFT_EMPTY),
    ],
)
def test_only_what_was_shown_is_confirmed_while_its_prices_hold(movements, review, why):
    assert why_not(Draft("d", "town", "a", 1, movements, NOW, review), "quote", NOW) is why


def test_a_draft_takes_a_movement_once_and_gives_back_what_it_holds():
    one, two = movement(), movement(date(2026, 11, 17))
    assert changed([], [one, one], [two]) == (
        (one,),
        ((two, Ignored.NOT_THERE), (one, Ignored.ALREADY_THERE)),
    )
    assert changed([one, two], [], [one]) == ((two,), ())


def test_a_cancellation_replaces_the_booking_of_the_same_slot():
    one = movement()
    assert changed([one], [movement(action=Action.CANCEL)], []) == (
        (movement(action=Action.CANCEL),),
        (),
    )
    assert changed([movement(action=Action.CANCEL)], [one], []) == ((one,), ())


def test_a_draft_holds_five_hundred_movements():
    many = [movement(MONDAY + timedelta(days=number)) for number in range(501)]
    kept, ignored = changed([], many, [])
    assert (len(kept), ignored) == (500, ((many[500], Ignored.DRAFT_FULL),))


@pytest.mark.parametrize(
    ("changes", "own", "reason"),
    [
        ({}, "c", Reason.OVERLAP),
        ({"child_id": "leo"}, "c", None),
        ({"booking_id": "b9"}, "c", None),
        ({"booking_id": "b8"}, "c", Reason.OVERLAP),
        ({}, "before", None),
        ({"slot": "gone"}, "c", None),
    ],
)
def test_hours_that_are_taken_refuse_a_new_booking(changes, own, reason):
    leaves, stays = Answer(Verdict.CANCELLED), Answer(Verdict.REFUSED, Reason.PAST_DEADLINE)
    lines = (
        line(),
        line(2, action=Action.CANCEL, booking_id="b9", answer=leaves),
        line(3, action=Action.CANCEL, booking_id="b8", answer=stays),
    )
    checked = refuse_overlaps(lines, offer(activity(), SPORT), [standing(**changes)], own)
    assert (checked[0].answer and checked[0].answer.reason) == reason
    assert checked[1] == lines[1]


@pytest.mark.parametrize(
    ("ends_at", "activities", "arrives_at", "reason"),
    [
        (datetime(2026, 11, 16, 18, tzinfo=UTC), (), "18:30", Reason.OVERLAP),
        (datetime(2026, 11, 16, 18, tzinfo=UTC), (), "19:00", None),
        (None, (SPORT,), "18:30", Reason.OVERLAP),
        (None, (SPORT,), "19:00", None),
        (None, (), "22:00", Reason.OVERLAP),
        (None, (replace(SPORT, parts=SPORT.parts[:1]),), "22:00", Reason.OVERLAP),
    ],
)
def test_hours_end_as_the_seats_say_else_as_is_offered_today_else_with_the_day(
    ends_at, activities, arrives_at, reason
):
    slot = replace(standing().slots[0], ends_at=ends_at)
    new = line(arrives_at=arrives_at, leaves_at="23:00")
    [checked] = refuse_overlaps((new,), offer(*activities), [standing(slot)])
    assert (checked.answer and checked.answer.reason) is reason


@pytest.mark.parametrize(("child_id", "elsewhere"), [("zoe", True), ("leo", False)])
def test_a_seat_is_not_taken_again_where_the_child_stands_elsewhere(child_id, elsewhere):
    refused = line(child_id=child_id, answer=Answer(Verdict.HELD))
    assert stands_elsewhere(refused, offer(activity(), SPORT), [standing()]) is elsewhere


def test_within_a_basket_the_first_of_two_that_meet_is_kept():
    meeting = line(2, slot="sport/verne/evening", arrives_at="18:00", leaves_at="19:00")
    after = line(3, slot="chess/verne/evening", arrives_at="18:30", leaves_at="19:30")
    whenever = line(4, slot="x", arrives_at=None)
    checked = refuse_overlaps((line(), meeting, after, whenever), offer(), [])
    assert [one.answer and one.answer.reason for one in checked] == [None, Reason.OVERLAP, None, None]


def test_days_are_looked_at_from_the_first_to_the_last_on_which_a_child_would_come():
    later = line(2, day=date(2026, 11, 20))
    refused = line(3, day=date(2026, 12, 1), answer=Answer(Verdict.REFUSED))
    assert days_to_look_at([line(), later, refused]) == (MONDAY, date(2026, 11, 20))
    assert days_to_look_at([line(action=Action.CANCEL), refused]) is None


@pytest.mark.parametrize(
    ("mode", "action", "cost_cents"),
    [
        (ChargingMode.FREE, Action.BOOK, 0),
        (ChargingMode.INVOICED, Action.BOOK, 376),
        (ChargingMode.PREPAID, Action.CANCEL, 131),
    ],
)
def test_a_line_costs_its_price_or_gives_back_its_credit(mode, action, cost_cents):
    quote = QuotedPrices("q", NOW, prices_cents={1: 376}, credits_cents={1: 131})
    (shown,) = priced([line(charging_mode=mode, action=action)], quote)
    assert shown.facts.cost_cents == cost_cents


@pytest.mark.parametrize(
    ("changes", "quoted"),
    [
        ({}, True),
        ({"charging_mode": ChargingMode.FREE}, False),
        ({"booking_id": None}, False),
        ({"answer": Answer(Verdict.REFUSED, Reason.AGE)}, False),
        ({"answer": Answer(Verdict.REFUSED, Reason.FULL)}, True),
    ],
)
def test_billing_prices_what_may_still_be_booked(changes, quoted):
    assert is_quoted(line(**changes)) is quoted


def test_only_an_expected_hold_is_charged_at_once():
    assert is_charged(line(answer=HELD))
    assert not is_charged(line(answer=Answer(Verdict.WAITLISTED, rank=1)))
    assert not is_charged(line())


def test_a_line_is_refused_at_once_for_what_no_seat_can_change():
    needs = activity(needs_enrolment=True)
    given = ReviewInput(offer(needs), {"zoe": child()}, {}, NOW)
    cases = {
        Reason.NOT_ENROLLED: line(),
        Reason.NOT_OPEN: line(seats_id=None),
        Reason.NOT_BOOKED: line(action=Action.CANCEL, booking_id=None),
    }
    for reason, one in cases.items():
        assert refused_at_once(one, given).answer.reason is reason
    assert refused_at_once(line(activity_id="gone"), given).answer.reason is Reason.NOT_OPEN
    assert refused_at_once(line(child_id="ida"), given).answer.reason is Reason.NOT_OPEN
    assert refused_at_once(line(action=Action.CANCEL), given).answer is None


def test_billing_is_asked_while_somebody_may_pay_or_is_given_back():
    given_back = {"action": Action.CANCEL, "answer": Answer(Verdict.CANCELLED)}
    assert to_settle([line(answer=HELD)], NOW)
    assert not to_settle([line(answer=HELD)], UNTIL)
    assert to_settle([line(2, **given_back)], UNTIL)
    assert not to_settle([line(2, charging_mode=ChargingMode.INVOICED, **given_back)], NOW)


def test_a_silent_billing_is_asked_until_the_last_hold_ends():
    longer = line(2, answer=replace(HELD, held_until=UNTIL + timedelta(hours=1)))
    asked = confirmation(line(answer=HELD), longer)
    assert pays_until(asked, 1500) == UNTIL + timedelta(hours=1)
    assert pays_until(confirmation(), 60) == NOW + timedelta(seconds=60)
    assert unknown_payment(asked.lines) == SettlementAnswer(SettlementState.PENDING, UNTIL)
    assert [one.line for one in unpaid(asked.lines, {"b1"})] == [2]


def test_what_avoirs_have_paid_is_accepted_and_nothing_else_changes():
    waiting = line(2, answer=Answer(Verdict.WAITLISTED, rank=1))
    paid = paid_at_once(confirmation(line(answer=HELD), waiting), NOW)
    assert [one.answer.verdict for one in paid.lines] == [Verdict.ACCEPTED, Verdict.WAITLISTED]


def test_a_hold_that_ended_before_avoirs_paid_it_is_not_accepted_by_them():
    longer = line(2, answer=replace(HELD, held_until=UNTIL + timedelta(hours=1)))
    paid = paid_at_once(confirmation(line(answer=HELD), longer), UNTIL)
    assert [one.answer.verdict for one in paid.lines] == [Verdict.HELD, Verdict.ACCEPTED]


def test_a_line_without_seats_is_not_written():
    asked = confirmation(line(seats_id=None), line(2))
    assert [one.line for one in to_write(asked, Action.BOOK)] == [2]


def test_a_confirmation_makes_one_request_per_child_centre_and_period():
    lines = (line(), line(2), line(3, child_id="leo"), line(4, period_id=None))
    requests = requests_of("c", lines, ["n1", "n2", "n3"])
    assert [(one.id, one.number) for one in requests] == [("c.0", "n1"), ("c.1", "n2"), ("c.2", "n3")]
    assert [one.line for one in lines_of_request(confirmation(*lines), requests[0])] == [1, 2]


def test_staff_that_decides_on_bookings_decides_on_cancellations():
    asks = line(decision_mode=DecisionMode.ON_REQUEST)
    owner = confirmation(asks)
    assert withdrawal_of(asks, owner).on_request
    assert not withdrawal_of(line(), owner).on_request


def test_a_line_stands_where_its_booking_stands_or_as_it_was_answered():
    asked = confirmation(line(answer=HELD), line(2, answer=Answer(Verdict.REFUSED, Reason.FULL)), line(3))
    record = replace(record_of_line(asked, "b1"), state=BookingState.EXPIRED)
    assert states_of(asked.lines, {"b1": record}) == [BookingState.EXPIRED, BookingState.REFUSED]
    assert record_of_line(asked, "b3").state is BookingState.REFUSED


def test_a_cancellation_that_was_refused_is_refused_although_its_booking_stands():
    record = replace(record_of_line(confirmation(line(answer=HELD)), "b1"), state=BookingState.ACCEPTED)
    late = line(action=Action.CANCEL, answer=Answer(Verdict.REFUSED, Reason.PAST_DEADLINE))
    assert states_of([late], {"b1": record}) == [BookingState.REFUSED]


@pytest.mark.parametrize(
    ("state", "closes_at", "afterwards", "reason"),
    [
        (BookingState.ACCEPTED, UNTIL, Afterwards.REFUSE, None),
        (BookingState.WAITLISTED, NOW, Afterwards.REFUSE, Reason.PAST_DEADLINE),
        (BookingState.ACCEPTED, NOW, Afterwards.REQUEST, None),
        (BookingState.CANCELLATION_REQUESTED, UNTIL, Afterwards.REFUSE, Reason.NOT_BOOKED),
        (BookingState.EXPIRED, UNTIL, Afterwards.REFUSE, Reason.NOT_BOOKED),
    ],
)
def test_a_list_says_why_a_booking_stays(state, closes_at, afterwards, reason):
    slot = Slot("s", "a", "c", DayPart.NOON, (), NOW, cancelling_closes_at=closes_at)
    slot = replace(slot, cancelling_afterwards=afterwards)
    record = replace(record_of_line(confirmation(line(answer=HELD)), "b1"), state=state)
    assert why_not_cancellable(record, slot, NOW) is reason
    assert why_not_cancellable(replace(record, state=BookingState.HELD), None, NOW) is None
    assert record.held_until == datetime(2026, 11, 9, 8, 25, tzinfo=UTC)
