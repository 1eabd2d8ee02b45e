"""The days that an offer opens, each with its empty seats."""

from datetime import date

import pytest

from booking.offer.model import Centre, Closure, ClosureKind, Period
from booking.seats.rules.opening import offered_days, pools_offered
from tests.booking.offer.test_attending import MONDAY, activity, offer

NEXT = date(2026, 11, 23)
SPAN = (date(2026, 11, 1), date(2026, 11, 30))
AUTUMN = Period("p", "P", ("verne", "abris"), date(2026, 11, 10), date(2026, 11, 25), None, None)


def town(*closures):
    evening = activity(centre_ids=("verne", "abris", "gone"))
    centres = {name: Centre(name, name) for name in ("verne", "abris")}
    return offer(evening, periods=(AUTUMN,), closures=closures, centres=centres)


def test_an_activity_has_a_pool_at_each_of_its_centres_that_is_there():
    assert [centre for _, centre in pools_offered(town())] == ["verne", "abris"]
    assert [centre for _, centre in pools_offered(town(), "abris")] == ["abris"]


@pytest.mark.parametrize(
    ("centre_id", "closures", "days"),
    [
        (None, (), {("verne", MONDAY), ("verne", NEXT), ("abris", MONDAY), ("abris", NEXT)}),
        ("abris", (), {("abris", MONDAY), ("abris", NEXT)}),
        ("abris", (Closure(None, MONDAY, MONDAY, "Neige", ClosureKind.CLOSURE),), {("abris", NEXT)}),
        (
            None,
            (Closure("verne", MONDAY, NEXT, "Travaux", ClosureKind.CLOSURE),),
            {("abris", MONDAY), ("abris", NEXT)},
        ),
    ],
)
def test_days_are_open_in_a_period_on_the_pattern_and_where_nothing_is_closed(centre_id, closures, days):
    found = offered_days(town(*closures), SPAN, centre_id)
    assert {(day.slots[0].centre_id, day.day) for day in found} == days
