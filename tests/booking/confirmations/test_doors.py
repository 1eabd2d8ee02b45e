"""The doors of confirmations, with fakes of their stores and of billing; crashes are shown on real parts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.basket.model import BasketState
from booking.basket.store import Drafts
from booking.confirmations import contract
from booking.confirmations.contract import Cancel, GetConfirmation, GetRequest, ListRequests
from booking.confirmations.doors import cancelling, confirming, settling, sweeping, telling, tracking
from booking.confirmations.store import MAPPER
from booking.offer.model import BookingSettings
from booking.vocabulary import SettlementState
from chassis.doors.call import call_of_event, call_of_timer
from chassis.storage.outbox.sources import DocumentEvents
from chassis.values.errors import Refused
from chassis.values.event import Event
from tests.booking.small_town import (
    BODY,
    MARTIN,
    ROY,
    booking_id_of,
    cancelled,
    confirmed,
    confirming_of,
    movement,
    reviewed,
)


def paid(town, settlement_id, *booking_ids):
    data = {"settlement_id": settlement_id, "lines": [{"booking_id": each} for each in booking_ids]}
    event = Event("e", "payment_settled", 1, "town", settlement_id, 1, town.clock.now(), None, "r", data)
    settling.on_payment_settled(call_of_event(town.tools, event), event)


def swept(town):
    sweeping.sweep(call_of_timer(town.tools))


def held(town):
    return {entry.child_id: entry.held_until for day in town.seats.days.values() for entry in day.taken}


def refusal(door, *asked):
    with pytest.raises(Refused) as refused:
        door(*asked)
    return refused.value.code


def test_an_invoiced_seat_is_accepted_and_notify_is_told_once(town):
    confirmation = confirmed(town, ROY, movement("zoe", "evening"))
    assert contract.Confirmation().validate(confirmation) == {}
    assert [line["verdict"] for line in confirmation["lines"]] == ["accepted"]
    assert (confirmation["payment"]["state"], town.billing.settled) == ("none", [])
    assert [told["name"] for told in town.confirmations.told] == ["confirmation_answered"]
    assert town.bell.woken == 1


def test_a_prepaid_seat_is_held_and_billing_is_told_on_the_familys_behalf(town):
    confirmation = confirmed(town, ROY, movement("zoe", "meal"))
    assert confirmation["payment"]["state"] == "due"
    context, settlement = town.billing.settled[0]
    assert (context.issuer, context.on_behalf_of, settlement.family_id) == ("booking", "ana", "roy")
    assert [line for line, _, _ in settlement.held] == [1]
    paid(town, confirmation["id"], booking_id_of(confirmation))
    assert town.states() == {"zoe": "accepted"}
    shown = tracking.get_confirmation(town.as_(ROY), GetConfirmation(confirmation["id"]))["confirmation"]
    assert shown["payment"]["state"] == "settled"


def test_seats_are_held_for_as_long_as_the_organisation_decides(town):
    town.settings.decided = BookingSettings(version=1, hold_s=1_800, promoted_hold_s=7_200)
    confirmed(town, ROY, movement("zoe", "meal"))
    confirmed(town, MARTIN, movement("max", "meal"))
    assert held(town) == {"zoe": town.clock.now() + timedelta(minutes=30)}
    town.clock.advance(minutes=30)
    swept(town)
    assert held(town) == {"max": town.clock.now() + timedelta(hours=2)}


def test_avoirs_that_cover_all_pay_at_once(town):
    town.billing.avoirs_cents = 1_000
    confirmation = confirmed(town, ROY, movement("zoe", "meal"))
    assert [line["verdict"] for line in confirmation["lines"]] == ["accepted"]
    assert town.states() == {"zoe": "accepted"}


def test_the_same_confirmation_twice_has_one_effect_and_another_body_is_refused(town):
    asked = confirming_of(reviewed(town, ROY, movement("zoe", "evening")))
    first, second = (confirming.confirm(town.as_(ROY), asked) for _ in range(2))
    assert first == second
    assert len(town.states()) == 1
    other = confirming_of({"draft_id": asked.draft_id, "quote_id": asked.quote_id}, body="1" * 64)
    assert refusal(confirming.confirm, town.as_(ROY), other) == "idempotency_mismatch"


def test_one_key_for_a_basket_and_for_a_cancellation_names_two_requests(town):
    booking_id = booking_id_of(confirmed(town, ROY, movement("zoe", "evening"), key="k"))
    assert cancelled(town, ROY, booking_id, key="k")["lines"][0]["verdict"] == "cancelled"
    assert town.states() == {"zoe": "cancelled"}


def test_a_basket_whose_confirmation_stands_is_not_given_back(town, monkeypatch):
    def away(*_asked):
        raise Refused("unavailable", "the seats are out of reach")

    review = reviewed(town, ROY, movement("zoe", "evening"))
    monkeypatch.setattr(town.seats, "apply_reading", away)
    assert refusal(confirming.confirm, town.as_(ROY), confirming_of(review)) == "unavailable"
    assert len(town.confirmations.kept) == 1
    assert town.drafts.open_ones == {}


def test_a_stale_review_is_refused_and_the_basket_stays(town):
    review = reviewed(town, ROY, movement("zoe", "evening"))
    stale = confirming_of(review | {"quote_id": "older"})
    assert refusal(confirming.confirm, town.as_(ROY), stale) == "review_stale"
    gone = confirming_of(review | {"draft_id": "gone"})
    assert refusal(confirming.confirm, town.as_(ROY), gone) == "not_found"
    assert town.tools.stores[Drafts].open_ones


def test_while_one_childs_confirmation_is_open_another_waits_and_its_basket_is_given_back(town):
    confirmed(town, MARTIN, movement("leo", "evening"))
    (kept,) = town.confirmations.kept.values()
    town.confirmations.kept[kept.id] = _open_again(town, kept)
    review = reviewed(town, ROY, movement("leo", "meal"))
    assert (
        refusal(confirming.confirm, town.as_(ROY), confirming_of(review, "k")) == "confirmation_in_progress"
    )
    assert review["draft_id"] in town.drafts.open_ones
    town.clock.advance(seconds=31)
    answer = confirming.confirm(town.as_(ROY), confirming_of(review, "k"))["confirmation"]
    assert answer["lines"][0]["verdict"] == "held"
    assert town.confirmations.kept[kept.id].state is BasketState.ANSWERED


def _open_again(town, kept):
    lease_until = town.clock.now().replace(second=30)
    return replace(kept, state=BasketState.CONFIRMING, answered_at=None, lease_until=lease_until)


def test_one_booking_is_cancelled_and_a_stranger_finds_none(town):
    booking_id = booking_id_of(confirmed(town, ROY, movement("zoe", "evening")))
    assert refusal(cancelling.cancel, town.as_(MARTIN), Cancel(booking_id, "k", BODY)) == "not_found"
    assert cancelled(town, ROY, booking_id)["lines"][0]["verdict"] == "cancelled"
    assert town.states() == {"zoe": "cancelled"}
    assert cancelled(town, ROY, booking_id)["lines"][0]["verdict"] == "cancelled"


def test_who_acted_is_told_with_every_event_also_when_somebody_else_goes_on(town):
    confirmed(town, MARTIN, movement("leo", "evening"))
    (kept,) = town.confirmations.kept.values()
    eva = {"kind": "person", "account_id": "eva", "for_family_id": "martin"}
    assert kept.actor == eva
    town.confirmations.kept[kept.id] = _open_again(town, kept)
    town.clock.advance(seconds=31)
    confirmed(town, ROY, movement("leo", "meal"))
    assert [told["actor"]["account_id"] for told in town.confirmations.told] == ["eva", "eva", "ana"]
    told = [event for day in town.seats.days.values() for event in day.events]
    assert {(event.name, event.actor["account_id"]) for event in told} == {
        ("booking_accepted", "eva"),
        ("booking_held", "ana"),
    }


def test_what_ends_by_itself_was_done_by_nobody_who_asked(town):
    confirmed(town, ROY, movement("zoe", "meal"))
    town.clock.advance(seconds=1_501)
    swept(town)
    (_, ended) = [event for day in town.seats.days.values() for event in day.events]
    assert (ended.name, ended.actor) == ("hold_expired", {"kind": "service"})


def test_a_silent_billing_is_asked_again_by_the_sweeper(town):
    review = reviewed(town, ROY, movement("zoe", "meal"))
    town.billing.silent = True
    answer = confirming.confirm(town.as_(ROY), confirming_of(review))["confirmation"]
    assert answer["payment"]["state"] == "pending"
    swept(town)
    town.billing.silent, town.billing.avoirs_cents = False, 376
    town.clock.advance(seconds=3)
    swept(town)
    assert town.states() == {"zoe": "accepted"}
    assert town.confirmations.kept[answer["id"]].money.state is SettlementState.SETTLED
    assert town.billing.settled[0][0].on_behalf_of == "ana"


@pytest.mark.parametrize(("silent", "other_ids"), [(False, ("double",)), (True, ())])
def test_who_confirms_settles_for_all_ids_of_the_file_and_the_sweeper_for_the_orders_own(
    town, silent, other_ids
):
    roy = replace(ROY, merged_family_ids=("double",))
    review = reviewed(town, roy, movement("zoe", "meal"))
    town.billing.silent = silent
    confirming.confirm(town.as_(roy), confirming_of(review))
    town.billing.silent = False
    town.clock.advance(seconds=3)
    swept(town)
    asked = [(context.family_id, context.merged_family_ids) for context, _ in town.billing.settled]
    assert asked == [("roy", other_ids)]


def test_no_settlement_is_asked_for_once_no_seat_is_held(town):
    review = reviewed(town, ROY, movement("zoe", "meal"))
    town.billing.silent = True
    confirming.confirm(town.as_(ROY), confirming_of(review))
    town.billing.silent = False
    town.clock.advance(seconds=1_501)
    swept(town)
    assert (town.billing.settled, town.confirmations.settle_at) == ([], {})
    assert town.states() == {"zoe": "expired"}


def test_a_confirmation_left_alone_is_finished_by_the_sweeper(town):
    confirmed(town, ROY, movement("zoe", "evening"))
    (kept,) = town.confirmations.kept.values()
    town.confirmations.kept[kept.id] = _open_again(town, kept)
    town.clock.advance(minutes=11)
    swept(town)
    assert town.confirmations.kept[kept.id].state is BasketState.ANSWERED
    assert [line.answer.verdict for line in town.confirmations.kept[kept.id].lines] == ["accepted"]


def test_of_two_who_finish_one_confirmation_both_give_the_answer_that_was_kept(town):
    review, settle = reviewed(town, ROY, movement("zoe", "meal")), town.billing.settle

    def too_slowly(_context, _settlement):
        town.billing.settle = settle
        town.clock.advance(minutes=1)
        swept(town)
        # None: the sweeper was faster.

    town.billing.settle = too_slowly
    answer = confirming.confirm(town.as_(ROY), confirming_of(review))["confirmation"]
    assert answer["payment"]["state"] == "due"
    assert len(town.confirmations.told) == 1


def test_a_late_payment_takes_a_free_seat_again_and_loses_one_that_is_gone(town):
    first = confirmed(town, ROY, movement("zoe", "meal"))
    town.clock.advance(hours=1)
    swept(town)
    paid(town, first["id"], booking_id_of(first))
    assert town.states() == {"zoe": "accepted"}


def test_a_payment_of_a_promoted_seat_names_the_booking_itself(town):
    confirmed(town, MARTIN, movement("max", "meal"))
    waiting = confirmed(town, ROY, movement("zoe", "meal"))
    town.clock.advance(seconds=1_501)
    swept(town)
    assert town.states() == {"max": "expired", "zoe": "held"}
    booking_id = booking_id_of(waiting)
    paid(town, booking_id, booking_id)
    assert town.states()["zoe"] == "accepted"


def test_a_payment_for_a_booking_that_is_not_known_is_tried_again_later(town):
    with pytest.raises(settling.UnknownBookingError):
        paid(town, "unknown", "unknown")


def test_requests_are_numbered_and_looked_up(town):
    confirmed(town, ROY, movement("zoe", "evening"), movement("leo", "sport"))
    shown = tracking.list_requests(town.as_(ROY), ListRequests(None, 50))
    assert contract.RequestList().validate(shown) == {}
    assert {each["number"] for each in shown["data"]} == {"2026-000001", "2026-000002"}
    asked = GetRequest(shown["data"][0]["id"])
    assert tracking.get_request(town.as_(ROY), asked)["request"] == shown["data"][0]
    assert refusal(tracking.get_request, town.as_(MARTIN), asked) == "not_found"
    asked = GetConfirmation("unknown")
    assert refusal(tracking.get_confirmation, town.as_(ROY), asked) == "not_found"


def test_the_event_of_an_answer_is_made_of_its_confirmation_when_it_is_sent(town):
    confirmation = confirmed(town, ROY, movement("zoe", "meal"))
    (said,) = sent(town, confirmation["id"])
    assert contract.ConfirmationAnswered().validate(said["data"]) == {}
    assert said["data"]["lines"][0]["verdict"] == "held"
    earlier = said | {"data": "as the release before has written it"}
    assert sent(town, confirmation["id"], earlier) == [earlier]


def test_the_event_of_an_answer_names_its_requests_and_the_avoirs_of_what_was_cancelled(town):
    town.billing.avoirs_cents = 1_000
    booked = confirmed(town, ROY, movement("zoe", "meal"))
    gone = cancelled(town, ROY, booking_id_of(booked))
    assert [note["booking_id"] for note in gone["payment"]["credit_notes"]] == [booking_id_of(booked)]
    (said,) = sent(town, gone["id"], town.confirmations.told[-1])
    assert contract.ConfirmationAnswered().validate(said["data"]) == {}
    [line] = said["data"]["lines"]
    assert line["request_number"] == gone["requests"][0]["number"] == "2026-000002"
    assert said["data"]["payment"]["credit_notes"] == gone["payment"]["credit_notes"]
    shown = tracking.get_confirmation(town.as_(ROY), GetConfirmation(gone["id"]))["confirmation"]
    assert shown["payment"]["credit_notes"] == gone["payment"]["credit_notes"]


def sent(town, confirmation_id, *entries):
    """What is told of a confirmation, as its document stands."""
    document = MAPPER.to_document(town.confirmations.kept[confirmation_id])
    waiting = DocumentEvents("confirmations", document, list(entries or town.confirmations.told))
    (told,) = telling.complete(None, [waiting])
    return told.entries
