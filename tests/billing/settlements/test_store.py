"""Settling on a real database: once, however often it is asked."""

from datetime import timedelta

import pytest

from chassis.values.errors import Refused
from tests.billing.town import FAMILY, NOW, ORGANISATION, charge, held, order

MINUTE = timedelta(minutes=1)


def test_an_order_is_settled_once_and_another_under_its_id_is_refused(store, books):
    store.settlements.take_over(ORGANISATION, [charge("old", 800)], NOW)
    first = store.settlements.settle(ORGANISATION, order(held(1, 500), cancelled=["old"]), NOW)
    again = store.settlements.settle(ORGANISATION, order(held(1, 500), cancelled=["old"]), NOW + MINUTE)
    assert first.answer == again.answer
    with pytest.raises(Refused, match="conflict"):
        store.settlements.settle(ORGANISATION, order(held(1, 900), content="other"), NOW)
    assert [note.left_cents for note in store.settlements.free_notes(ORGANISATION, FAMILY)] == [300]
    assert books.check() == []
