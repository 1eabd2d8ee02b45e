"""A client reads of a reply what it knows, and what may be absent has a default."""

import pytest

from chassis.storage.documents import UnreadableDocument
from gateway.clients.asking import given, read, read_each
from gateway.clients.billing import PaidOrder, Payment
from gateway.clients.booking import Booking, Draft, Movement
from tests.gateway import samples


def test_what_a_service_adds_is_passed_over():
    assert read(Booking, {**samples.BOOKING, "colour": "red"}) == read(Booking, samples.BOOKING)


def test_what_may_be_absent_has_a_default():
    told = {name: value for name, value in samples.PAYMENT.items() if name != "receipt_number"}
    orders = tuple(PaidOrder(**each) for each in samples.PAYMENT["orders"])
    assert read(Payment, told) == Payment(**{**samples.PAYMENT, "orders": orders, "receipt_number": None})


def test_a_reply_without_what_is_needed_is_not_read():
    told = {name: value for name, value in samples.BOOKING.items() if name != "day"}
    with pytest.raises(UnreadableDocument):
        read(Booking, told)


def test_what_a_reply_holds_is_read_too():
    assert read(Draft, samples.DRAFT).movements == (Movement(**samples.MOVEMENT),)


def test_many_are_read_in_their_order():
    rows = [{**samples.BOOKING, "id": name} for name in ("b-2", "b-1")]
    assert [row.id for row in read_each(Booking, rows)] == ["b-2", "b-1"]


def test_a_filter_that_is_not_given_is_not_asked():
    assert given(first=None, second="", third=False) == {"second": "", "third": False}
