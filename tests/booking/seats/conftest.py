"""A day of seats, in the pure model and in the database beside it."""

import pytest

from booking.offer.model import Gauge
from tests.booking.seats.both import Alone, Both, a_day

ONE_PLACE = (Gauge("places", 1),)


@pytest.fixture(params=["in the model", pytest.param("in the database", marks=pytest.mark.real)])
def a_day_of(request):
    """Make a seats document that the model keeps alone, or with MongoDB beside it."""
    if request.param == "in the model":
        return lambda *slots, gauges=ONE_PLACE: Alone(a_day(*slots, gauges=gauges))
    database = request.getfixturevalue("mongo_database")
    return lambda *slots, gauges=ONE_PLACE: Both(database, a_day(*slots, gauges=gauges))


@pytest.fixture
def day(a_day_of):
    return a_day_of()
