"""The account of a review: every total stands under the lines that give it."""

import pytest

from gateway.clients.asking import read
from gateway.clients.booking import Review
from gateway.portal.basket import account
from tests.gateway import samples


@pytest.fixture(autouse=True)
def request_in_french(portal, town):
    with portal.test_request_context("/review", headers={"Accept-Language": "fr"}):
        yield


def line(cents, expected="held", **changes):
    first = samples.REVIEW["bookings"][0]
    return {**first, "cost_cents": cents, "expected": expected, **changes}


def review(bookings, cancellations=(), *, credits_used=0, due=0):
    totals = {
        "bookings_cents": sum(each["cost_cents"] for each in bookings),
        "cancellations_cents": sum(each["cost_cents"] for each in cancellations),
        "credits_used_cents": credits_used,
        "amount_due_cents": due,
    }
    return read(
        Review,
        {**samples.REVIEW, "bookings": bookings, "cancellations": list(cancellations), "totals": totals},
    )


MIXED = review(
    [
        *(line(376) for _ in range(5)),
        line(376, "waitlisted"),
        *(line(180, "accepted", charging_mode="invoiced", activity_id="act-2") for _ in range(2)),
        line(990),
        line(500, "refused", reason="full"),
    ],
    [line(376, "cancelled"), line(376, "cancelled")],
    credits_used=1002,
    due=1868,
)


def test_the_lines_of_an_account_add_up_to_what_is_to_be_paid():
    rows = account.rows(account.account(MIXED))
    assert [(cents, kind) for _, cents, kind, _ in rows] == [
        (3606, ""),
        (-376, "sub"),
        (-360, "sub"),
        (2870, "mid"),
        (-752, ""),
        (-250, ""),
        (1868, "total"),
    ]
    amounts = {
        kind: sum(cents for _, cents, of, _ in rows if of == kind) for kind in ("", "sub", "mid", "total")
    }
    assert amounts[""] + amounts["sub"] == amounts["total"]
    assert 3606 + amounts["sub"] == amounts["mid"]


def test_what_needs_no_explanation_has_none():
    rows = account.rows(account.account(review([line(376)], due=376)))
    assert [cents for _, cents, _, _ in rows] == [376, 376]


def test_cancellations_alone_leave_a_credit_note():
    sums = account.account(review([], [line(376, "cancelled"), line(0, "cancellation_requested")]))
    assert account.left_over(sums) == 376
    assert account.rows(sums)[-1][1] == 0


def test_lines_stand_by_child_then_activity_then_day():
    lines = read(
        Review,
        {
            **samples.REVIEW,
            "bookings": [
                line(376, day="2026-11-20"),
                line(376, child_id="c-2", child_name="Léo Martin"),
                line(376, day="2026-11-18"),
                line(180, activity_id="act-2", activity_name="Soir"),
                line(376, "refused", day="2026-11-23"),
            ],
        },
    ).bookings
    zoe, leo = account.groups(lines)
    assert (zoe.child, leo.child) == ("Zoé Martin", "Léo Martin")
    assert [part.activity for part in zoe.parts] == ["Mercredi 3-6 ans", "Soir"]
    assert [each.day[8:] for each in zoe.parts[0].lines] == ["18", "20", "23"]
    assert (zoe.cents, zoe.parts[0].cents) == (932, 752)
