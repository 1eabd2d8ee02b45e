"""Settling on a real database: once, however often it is asked."""

from datetime import timedelta

import pytest

from chassis.values.errors import Refused
from tests.billing.town import (
    FAMILY,
    NOW,
    SCOPE,
    STAMP,
    charge,
    held,
    order,
    stamp,
)

MINUTE = timedelta(minutes=1)


def test_an_order_is_settled_once_and_another_under_its_id_is_refused(store, books):
    store.credit_notes.take_over(SCOPE, [charge("old", 800)], STAMP)
    first = store.settlements.settle(SCOPE, order(held(1, 500), cancelled=["old"]), STAMP)
    again = store.settlements.settle(SCOPE, order(held(1, 500), cancelled=["old"]), stamp(NOW + MINUTE))
    assert first.answer == again.answer
    with pytest.raises(Refused, match="conflict"):
        store.settlements.settle(SCOPE, order(held(1, 900), content="other"), STAMP)
    assert [note.left_cents for note in store.credit_notes.free(SCOPE, FAMILY)] == [300]
    assert books.check() == []
