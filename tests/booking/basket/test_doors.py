"""The doors of the basket, with fakes of their stores and of billing."""

from dataclasses import replace
from datetime import date

import pytest

from booking.basket import contract, doors
from booking.basket.contract import ChangeDraft, DraftNamed, ListOffer, OpenDraft
from booking.planning import doors as planning
from booking.planning.contract import GetCalendar
from booking.vocabulary import Action
from chassis.values.errors import Refused
from tests.booking.small_town import ELSEWHERE, MARTIN, ROY, confirmed, movement, reviewed


def opened(town, who=ROY):
    return doors.open_draft(town.as_(who), OpenDraft())["draft"]["id"]


def test_the_offer_comes_with_the_basket_where_it_is_asked_for(town):
    shown = doors.list_offer(town.as_(ROY), ListOffer(with_draft=True))
    assert contract.Offer().validate(shown) == {}
    assert {child["id"] for child in shown["children"]} == {"zoe", "leo"}
    assert shown["draft"]["movements"] == []
    assert "draft" not in doors.list_offer(town.as_(ROY), ListOffer(with_draft=False))


def test_the_offer_comes_with_the_days_that_are_asked_for_in_one_call(town):
    asked = GetCalendar(["zoe"], None, None, date(2026, 11, 16), date(2026, 11, 22))
    shown = doors.list_offer(town.as_(ROY), ListOffer(with_draft=True, calendar=asked))
    assert contract.Offer().validate(shown) == {}
    assert shown["calendar"] == planning.get_calendar(town.as_(ROY), asked)
    for strange in (replace(asked, child_ids=["nobody"]), replace(asked, activity_id="nothing")):
        with pytest.raises(Refused, match="not_found"):
            doors.list_offer(town.as_(ROY), ListOffer(with_draft=True, calendar=strange))


def test_an_organisation_that_was_never_heard_of_offers_nothing(town):
    with pytest.raises(Refused, match="not_found"):
        doors.list_offer(town.as_(ELSEWHERE), ListOffer(with_draft=False))


def test_an_account_keeps_its_one_draft_until_it_abandons_it(town):
    first = opened(town)
    assert opened(town) == first != opened(town, MARTIN)
    assert doors.abandon_draft(town.as_(ROY), DraftNamed(first)) == {}
    for door in (doors.get_draft, doors.abandon_draft, doors.clear_draft):
        with pytest.raises(Refused, match="not_found"):
            door(town.as_(ROY), DraftNamed(first))
    assert opened(town) != first


def test_a_draft_says_what_it_did_not_take(town):
    draft_id, evening = opened(town), movement("zoe", "evening")
    doors.change_draft(town.as_(ROY), ChangeDraft(draft_id, [evening], ()))
    changed = doors.change_draft(town.as_(ROY), ChangeDraft(draft_id, [evening], ()))
    assert contract.ChangedDraft().validate(changed) == {}
    assert [each["code"] for each in changed["ignored"]] == ["already_there"]
    assert doors.clear_draft(town.as_(ROY), DraftNamed(draft_id))["draft"]["movements"] == []


@pytest.mark.parametrize(
    "unknown",
    [movement("max", "evening"), replace(movement("zoe", "evening"), activity_id="chess")],
    ids=["another's child", "no activity"],
)
def test_what_is_not_ones_own_is_not_found(town, unknown):
    with pytest.raises(Refused, match="not_found"):
        doors.change_draft(town.as_(ROY), ChangeDraft(opened(town), [unknown], ()))


def test_an_empty_draft_is_not_reviewed(town):
    with pytest.raises(Refused, match="draft_empty"):
        doors.review(town.as_(ROY), DraftNamed(opened(town)))


def test_a_review_says_what_each_line_would_get_and_what_is_to_be_paid(town):
    confirmed(town, MARTIN, movement("max", "meal"))
    review = reviewed(town, ROY, movement("zoe", "meal"), movement("leo", "evening"))
    assert contract.Review().validate(review) == {}
    lines = {line["activity_id"]: (line["expected"], line["cost_cents"]) for line in review["bookings"]}
    assert lines == {"meal": ("waitlisted", 376), "evening": ("accepted", 376)}
    assert (review["totals"]["amount_due_cents"], review["next"]) == (0, "ok")
    context, bookings, _ = town.billing.quoted[-1]
    assert (context.kind, context.on_behalf_of) == ("service", "ana")
    assert not any(each.charged for each in bookings)


def test_prices_are_asked_for_all_ids_of_the_familys_file(town):
    reviewed(town, replace(ROY, merged_family_ids=("double",)), movement("zoe", "meal"))
    context, _, _ = town.billing.quoted[-1]
    assert (context.family_id, context.merged_family_ids) == ("roy", ("double",))


def test_free_lines_need_no_billing_and_others_wait_for_it(town):
    town.billing.silent = True
    assert reviewed(town, ROY, movement("zoe", "sport"))["next"] == "ok"
    with pytest.raises(Refused, match="unavailable"):
        reviewed(town, MARTIN, movement("max", "evening"))


def test_a_cancellation_of_nothing_is_refused_in_the_review(town):
    review = reviewed(town, ROY, movement("zoe", "evening", Action.CANCEL))
    assert [line["reason"] for line in review["cancellations"]] == ["not_booked"]
