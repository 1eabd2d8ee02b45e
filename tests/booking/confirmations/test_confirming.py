"""Confirming, cancelling, paying, waiting: what a family is told, and what there is afterwards."""

from datetime import timedelta
from threading import Thread

import pytest
from pymongo.errors import AutoReconnect

from booking.confirmations.doors.settling import on_payment_settled
from chassis.doors.call import call_of_event
from chassis.running.failpoints import arm
from chassis.storage.outbox import row
from chassis.testing import eventually
from chassis.testing.doors import tools
from chassis.values.errors import Failed, Refused, Unavailable
from chassis.values.event import Event
from chassis.values.ids import new_id
from tests.booking.conftest import TOWN, an_id, movement, of_family

MONDAY, TUESDAY = "2026-11-16", "2026-11-17"
ROY, MARTIN, PETIT = of_family("roy"), of_family("martin"), of_family("petit")


def refusal(ask, *call, **request):
    with pytest.raises(Refused) as refused:
        ask(*call, **request)
    return refused.value.code


def verdicts(confirmation):
    return [(line["verdict"], line["rank"]) for line in confirmation["lines"]]


def told(booking, name):
    """What booking said under a name, from the histories that the list keeps."""
    rows = booking.database.bookings.find({"history.name": name}, {"history": 1})
    return [each for row_ in rows for each in row_["history"] if each["name"] == name]


def at_once(*calls):
    results = [None] * len(calls)

    def run(place):
        try:
            results[place] = calls[place]()
        except Refused as refused:
            results[place] = refused

    threads = [Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def paid(booking, settlement_id, *booking_ids):
    """Deliver billing's event as its relay would."""
    data = {"settlement_id": settlement_id, "lines": [{"booking_id": each} for each in booking_ids]}
    made = row(
        "payment_settled",
        context_or_org=TOWN,
        aggregate_id="a",
        sequence=1,
        data=data,
        occurred_at=booking.clock.now(),
        request_id="r",
    )
    means = tools("booking", stores=booking.store.by_kind, clock=booking.clock)
    event = Event.from_row(made)
    on_payment_settled(call_of_event(means, event), event)


def test_an_invoiced_seat_is_accepted_at_once(booking):
    confirmation = booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    assert verdicts(confirmation) == [("accepted", None)]
    assert confirmation["payment"]["state"] == "none"
    assert confirmation["requests"][0]["number"].startswith("2026-0000")
    assert eventually(lambda: booking.states(ROY)) == [(MONDAY, "accepted")]


def test_a_prepaid_seat_is_held_until_it_is_paid(booking, billing):
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    (line,) = confirmation["lines"]
    assert (line["verdict"], confirmation["payment"]["state"]) == ("held", "due")
    assert confirmation["payment"]["amount_due_cents"] == 376
    assert line["held_until"] == confirmation["payment"]["held_until"] == "2026-11-09T08:25:00.000Z"
    assert billing.settled[0]["settlement_id"] == confirmation["id"]
    paid(booking, confirmation["id"], line["booking_id"])
    assert eventually(lambda: booking.states(ROY) == [(MONDAY, "accepted")])
    assert booking.ask("get_confirmation", ROY, confirmation_id=confirmation["id"])["confirmation"][
        "payment"
    ]["state"] == ("settled")


def test_avoirs_that_cover_all_make_the_seat_the_childs_at_once(booking, billing):
    billing.avoirs_cents = 1000
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    assert verdicts(confirmation) == [("accepted", None)]
    assert confirmation["payment"]["state"] == "settled"
    assert eventually(lambda: booking.states(ROY) == [(MONDAY, "accepted")])


def test_the_second_family_on_the_last_seat_waits_and_is_promoted_when_the_first_cancels(booking):
    first = booking.confirmed(MARTIN, movement("max", "soir", MONDAY), movement("leo", "soir", MONDAY))
    second = booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    assert verdicts(second) == [("waitlisted", 1)]
    cancelled = booking.cancelled(MARTIN, first["lines"][0]["booking_id"])
    assert [(line["action"], line["verdict"]) for line in cancelled["lines"]] == [("cancel", "cancelled")]
    assert eventually(lambda: booking.states(ROY) == [(MONDAY, "accepted")])
    assert [each["data"]["to"] for each in told(booking, "seat_promoted")] == ["accepted"]


def test_two_families_at_once_on_the_last_seat_get_one_seat_and_one_rank(booking):
    reviews = [
        (context, booking.reviewed(context, movement(child, "repas", MONDAY)))
        for context, child in ((ROY, "zoe"), (MARTIN, "max"))
    ]
    answers = at_once(
        *(
            lambda context=context, review=review: booking.ask(
                "confirm", context, **booking.confirming(review)
            )
            for context, review in reviews
        )
    )
    assert sorted(verdicts(answer["confirmation"]) for answer in answers) == [
        [("held", None)],
        [("waitlisted", 1)],
    ]


def test_a_double_submit_has_one_effect_and_one_answer(booking):
    review = booking.reviewed(ROY, movement("zoe", "soir", MONDAY), movement("zoe", "soir", TUESDAY))
    asked = booking.confirming(review, "one-key")
    answers = at_once(*(lambda: booking.ask("confirm", ROY, **asked) for _ in range(4)))
    assert {answer.code for answer in answers if isinstance(answer, Refused)} <= {"confirmation_in_progress"}
    final = booking.ask("confirm", ROY, **asked)
    assert all(answer == final for answer in answers if not isinstance(answer, Refused))
    assert booking.database.confirmations.count_documents({}) == 1
    assert sum(len(day["taken"]) for day in booking.database.seats.find()) == 2


def test_the_same_confirmation_gets_the_same_answer_after_its_hold_has_expired(booking, clock):
    review = booking.reviewed(ROY, movement("zoe", "repas", MONDAY))
    asked = booking.confirming(review)
    first = booking.ask("confirm", ROY, **asked)
    clock.advance(seconds=1501)
    assert eventually(lambda: booking.states(ROY) == [(MONDAY, "expired")])
    assert booking.ask("confirm", ROY, **asked) == first
    now = booking.ask("get_confirmation", ROY, confirmation_id=first["confirmation"]["id"])["confirmation"]
    assert (now["lines"][0]["verdict"], now["requests"][0]["state"]) == ("expired", "expired")


def test_a_key_with_another_body_is_refused_and_the_basket_stays(booking):
    first = booking.confirming(booking.reviewed(ROY, movement("zoe", "soir", MONDAY)), "the-key")
    booking.ask("confirm", ROY, **first)
    second = booking.confirming(booking.reviewed(ROY, movement("zoe", "soir", TUESDAY)), "the-key")
    assert refusal(booking.ask, "confirm", ROY, **second) == "idempotency_mismatch"
    assert booking.ask("get_draft", ROY, draft_id=second["draft_id"])["draft"]["movements"] != []


def test_a_basket_becomes_its_confirmation_and_the_next_one_is_empty(booking):
    review = booking.reviewed(ROY, movement("zoe", "soir", MONDAY))
    confirmed = booking.ask("confirm", ROY, **booking.confirming(review, "one-key"))["confirmation"]
    assert confirmed["id"] == review["draft_id"]
    assert refusal(booking.ask, "confirm", ROY, **booking.confirming(review, "another")) == "not_found"
    opened = booking.ask("open_draft", ROY)["draft"]
    assert (opened["id"] != review["draft_id"], opened["movements"]) == (True, [])


def test_a_basket_of_the_release_before_is_confirmed_as_any_other(booking):
    review = booking.reviewed(ROY, movement("zoe", "soir", MONDAY))
    row = booking.database.confirmations.find_one_and_delete({"_id": review["draft_id"]})
    del row["state"], row["family_id"]
    booking.database.drafts.insert_one({**row, "open": True})
    answer = booking.ask("confirm", ROY, **booking.confirming(review))["confirmation"]
    assert (answer["id"], verdicts(answer)) == (review["draft_id"], [("accepted", None)])


def test_what_the_release_before_confirmed_is_answered_under_its_key_again(booking):
    review = booking.reviewed(ROY, movement("zoe", "soir", MONDAY))
    asked = booking.confirming(review)
    first = booking.ask("confirm", ROY, **asked)
    row = booking.database.confirmations.find_one_and_delete({"_id": review["draft_id"]})
    booking.database.confirmations.insert_one({**row, "_id": row.pop("key")})
    again = booking.ask("confirm", ROY, **asked)
    assert again["confirmation"]["lines"] == first["confirmation"]["lines"]
    assert booking.database.confirmations.count_documents({}) == 1


def test_a_changed_draft_or_an_old_quote_is_stale(booking, clock):
    review = booking.reviewed(ROY, movement("zoe", "soir", MONDAY))
    booking.ask("change_draft", ROY, draft_id=review["draft_id"], add=[movement("zoe", "soir", TUESDAY)])
    assert refusal(booking.ask, "confirm", ROY, **booking.confirming(review)) == "review_stale"
    again = booking.ask("review", ROY, draft_id=review["draft_id"])["review"]
    clock.advance(minutes=31)
    assert refusal(booking.ask, "confirm", ROY, **booking.confirming(again)) == "review_stale"
    assert booking.database.confirmations.count_documents({"state": {"$ne": "draft"}}) == 0


def test_one_childs_confirmations_follow_each_other(booking, clock):
    arm("booking.confirm.after_begin=raise")
    review = booking.reviewed(ROY, movement("leo", "soir", MONDAY))
    left_alone = booking.confirming(review)
    with pytest.raises(Failed):
        booking.ask("confirm", ROY, **left_alone)
    other = booking.confirming(booking.reviewed(MARTIN, movement("leo", "soir", TUESDAY)))
    assert refusal(booking.ask, "confirm", MARTIN, **other) == "confirmation_in_progress"
    assert refusal(booking.ask, "confirm", ROY, **left_alone) == "confirmation_in_progress"
    clock.advance(seconds=31)
    assert eventually(lambda: verdicts(patiently(booking, MARTIN, other)) == [("accepted", None)])
    assert eventually(lambda: verdicts(patiently(booking, ROY, left_alone)) == [("accepted", None)])


def patiently(booking, context, asked):
    """What a confirmation is answered, unless the sweeper has just then the one before in hand."""
    try:
        return booking.ask("confirm", context, **asked)["confirmation"]
    except Refused as refused:
        if refused.code != "confirmation_in_progress":
            raise
        raise AssertionError("not yet") from refused


@pytest.mark.parametrize(
    "point",
    [
        "booking.confirm.after_begin",
        "booking.confirm.after_seats",
        "booking.settle.after_call",
        "booking.confirm.before_answer",
        "booking.confirm.after_answer",
    ],
)
def test_a_confirmation_that_was_left_alone_is_completed_by_the_sweeper(booking, clock, point):
    arm(f"{point}=raise")
    review = booking.reviewed(ROY, movement("zoe", "repas", MONDAY), movement("zoe", "soir", MONDAY))
    asked = booking.confirming(review)
    with pytest.raises(Failed):
        booking.ask("confirm", ROY, **asked)
    clock.advance(seconds=31)
    open_ones = {"state": "open"}
    assert eventually(lambda: booking.database.confirmations.count_documents(open_ones) == 0)
    answer = booking.ask("confirm", ROY, **asked)["confirmation"]
    assert sorted(verdicts(answer)) == [("accepted", None), ("held", None)]
    assert answer["payment"]["state"] == "due"
    assert sum(len(day["taken"]) for day in booking.database.seats.find()) == 2


def test_a_confirmation_that_meets_an_outage_goes_on_as_soon_as_it_is_asked_again(booking, monkeypatch):
    asked = booking.confirming(booking.reviewed(ROY, movement("zoe", "soir", MONDAY)))
    with monkeypatch.context() as away:
        away.setattr("booking.seats.store.collection.Seats.apply_one", _unreachable)
        with pytest.raises(Unavailable):
            booking.ask("confirm", ROY, **asked)
    assert eventually(lambda: verdicts(patiently(booking, ROY, asked)) == [("accepted", None)])
    assert sum(len(day["taken"]) for day in booking.database.seats.find()) == 1


def _unreachable(*_):
    raise AutoReconnect("the database is away")


def test_after_ten_minutes_a_confirmation_left_alone_books_nothing_more(booking, clock):
    arm("booking.confirm.after_begin=raise")
    asked = booking.confirming(booking.reviewed(ROY, movement("zoe", "soir", MONDAY)))
    with pytest.raises(Failed):
        booking.ask("confirm", ROY, **asked)
    clock.advance(minutes=11)
    assert eventually(lambda: booking.database.confirmations.count_documents({"state": "open"}) == 0)
    answer = booking.ask("confirm", ROY, **asked)["confirmation"]
    assert verdicts(answer) == [("refused", None)]
    assert sum(len(day["taken"]) for day in booking.database.seats.find()) == 0


def test_a_silent_billing_leaves_the_payment_pending_until_the_sweeper_has_its_answer(
    booking, billing, clock
):
    review = booking.reviewed(ROY, movement("zoe", "repas", MONDAY))
    billing.silent = True
    asked = booking.confirming(review)
    first = booking.ask("confirm", ROY, **asked)["confirmation"]
    assert first["payment"]["state"] == "pending"
    billing.silent, billing.avoirs_cents = False, 376
    clock.advance(seconds=3)
    assert eventually(lambda: booking.states(ROY) == [(MONDAY, "accepted")])
    later = eventually(lambda: settled(booking, first["id"]))
    assert later["lines"][0]["verdict"] == "accepted"
    assert booking.ask("confirm", ROY, **asked)["confirmation"] == first


def settled(booking, confirmation_id):
    found = booking.ask("get_confirmation", ROY, confirmation_id=confirmation_id)["confirmation"]
    return found if found["payment"]["state"] == "settled" else None


def test_billing_is_asked_again_only_while_a_seat_is_held(booking, billing, clock):
    review = booking.reviewed(ROY, movement("zoe", "repas", MONDAY))
    billing.silent = True
    booking.ask("confirm", ROY, **booking.confirming(review))
    clock.advance(seconds=1501)
    asking = {"settle_at": {"$exists": True}}
    assert eventually(lambda: booking.database.confirmations.count_documents(asking) == 0)
    assert billing.settled == []


def test_a_hold_that_runs_out_passes_the_seat_on(booking, clock):
    booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    booking.confirmed(MARTIN, movement("max", "repas", MONDAY))
    clock.advance(seconds=1501)
    assert eventually(lambda: booking.states(MARTIN) == [(MONDAY, "held")])
    assert booking.states(ROY) == [(MONDAY, "expired")]
    (promoted,) = told(booking, "seat_promoted")
    assert promoted["data"]["held_until"] - clock.now() <= timedelta(days=1)


def test_a_payment_that_comes_late_takes_the_seat_again_where_nobody_waits(booking, clock):
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    clock.advance(hours=1)
    assert eventually(lambda: booking.states(ROY) == [(MONDAY, "expired")])
    for _ in range(2):
        paid(booking, confirmation["id"], confirmation["lines"][0]["booking_id"])
    assert eventually(lambda: booking.states(ROY) == [(MONDAY, "accepted")])
    assert len(told(booking, "booking_accepted")) == 1


def test_a_payment_that_comes_too_late_has_lost_its_seat(booking, clock):
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    booking.confirmed(MARTIN, movement("max", "repas", MONDAY))
    clock.advance(hours=1)
    assert eventually(lambda: booking.states(MARTIN) == [(MONDAY, "held")])
    for _ in range(2):
        paid(booking, confirmation["id"], confirmation["lines"][0]["booking_id"])
    assert eventually(lambda: len(told(booking, "seat_lost")) == 1)
    assert booking.states(ROY) == [(MONDAY, "expired")]


def test_who_was_promoted_pays_under_the_bookings_own_id(booking, clock):
    booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    waiting = booking.confirmed(MARTIN, movement("max", "repas", MONDAY))
    clock.advance(seconds=1501)
    assert eventually(lambda: booking.states(MARTIN) == [(MONDAY, "held")])
    booking_id = waiting["lines"][0]["booking_id"]
    paid(booking, booking_id, booking_id)
    assert eventually(lambda: booking.states(MARTIN) == [(MONDAY, "accepted")])


def test_cancellations_go_first_and_tell_billing_what_comes_back(booking, billing):
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    booking_id = confirmation["lines"][0]["booking_id"]
    paid(booking, confirmation["id"], booking_id)
    swapped = booking.confirmed(
        ROY, movement("zoe", "repas", TUESDAY), movement("zoe", "repas", MONDAY, "cancel")
    )
    assert [(line["action"], line["verdict"]) for line in swapped["lines"]] == [
        ("cancel", "cancelled"),
        ("book", "held"),
    ]
    assert billing.settled[-1]["cancelled"] == [{"line": 1, "booking_id": booking_id}]
    assert swapped["lines"][0]["cost_cents"] == 376


def test_what_is_not_booked_or_too_late_is_not_cancelled(booking, clock):
    review = booking.reviewed(ROY, movement("zoe", "soir", MONDAY, "cancel"))
    assert review["cancellations"][0]["reason"] == "not_booked"
    confirmation = booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    clock.set("2026-11-13T08:00:00Z")
    late = booking.cancelled(ROY, confirmation["lines"][0]["booking_id"])
    assert late["lines"][0]["reason"] == "past_deadline"
    (row_,) = eventually(lambda: booking.ask("list_bookings", ROY)["data"])
    assert (row_["cancellable"], row_["why_not"]) == (False, "past_deadline")


def test_another_familys_booking_is_not_found(booking):
    confirmation = booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    for booking_id in (confirmation["lines"][0]["booking_id"], new_id()):
        with pytest.raises(Refused, match="not_found"):
            booking.cancelled(MARTIN, booking_id)
    asked = {"confirmation_id": confirmation["id"]}
    assert refusal(booking.ask, "get_confirmation", MARTIN, **asked) == "not_found"


def test_reasons_of_lines_that_fail_take_no_other_down(booking):
    booking.confirmed(MARTIN, movement("max", "repas", MONDAY))
    booking.confirmed(PETIT, movement("ida", "repas", MONDAY))
    booking.confirmed(ROY, movement("leo", "repas", MONDAY))
    basket = (
        movement("zoe", "repas", MONDAY),
        movement("zoe", "soir", "2026-11-11"),
        movement("zoe", "soir", "2027-01-05"),
        movement("zoe", "soir", "2026-11-09"),
        movement("zoe", "soir", TUESDAY),
    )
    confirmation = booking.confirmed(ROY, *basket)
    assert {line["day"]: line["reason"] for line in confirmation["lines"]} == {
        MONDAY: "full",
        "2026-11-11": "not_open",
        "2027-01-05": "not_open",
        "2026-11-09": "past_deadline",
        TUESDAY: None,
    }
    assert booking.confirmed(ROY, movement("zoe", "soir", TUESDAY))["lines"][0]["reason"] == "duplicate"
    assert booking.confirmed(PETIT, movement("ida", "soir", TUESDAY))["lines"][0]["reason"] == "not_enrolled"
    young = booking.confirmed(PETIT, movement("ida", "sport", "2026-12-14"))
    assert young["lines"][0]["verdict"] == "accepted"


def test_the_family_is_told_once_of_the_answer(booking):
    confirmation = booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    kept = booking.database.confirmations.find_one({"_id": confirmation["id"]})
    assert [event["name"] for event in kept["events"]] in ([], ["confirmation_answered"])
    assert an_id("family", "roy") == kept["family_id"]
    assert eventually(
        lambda: booking.database.confirmations.count_documents({"events.id": {"$gt": ""}}) in {0, 1}
    )
