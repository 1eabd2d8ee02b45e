"""How often a log-in may be tried; the table is in docs/rules/passwords.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.throttle import rules as attempts
from tests.booking.rule_tables import rows


@pytest.mark.parametrize("row", rows("passwords.md", "## How long to wait after failures"), ids=str)
def test_five_failures_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour(row):
    assert attempts.wait_s(int(row["failures"]), attempts.FREE_FAILURES) == int(row["wait in s"])


@given(st.integers(0, 100_000), st.integers(0, 100))
def test_a_wait_never_shrinks_and_never_locks_for_good(failures, free):
    assert attempts.wait_s(failures, free) <= attempts.wait_s(failures + 1, free) <= attempts.WAIT_MAX_S


@given(st.integers(0, 200), st.integers(0, 60))
def test_the_list_of_waits_is_the_rule(failures, free):
    waits = attempts.waits_s(free)
    assert waits[min(failures, len(waits) - 1)] == attempts.wait_s(failures, free)


def test_a_known_device_has_a_bucket_that_a_stranger_can_not_fill():
    home = attempts.device("ana", "Firefox", "192.0.2.1")
    away = attempts.device("ana", "Firefox", "198.51.100.7")
    at_home = attempts.buckets("ana", home, "192.0.2.1", (home,))
    stranger = attempts.buckets("ana", away, "198.51.100.7", (home,))
    assert {bucket.key for bucket in at_home}.isdisjoint(bucket.key for bucket in stranger)
    assert [bucket.free_failures for bucket in stranger] == [5, 50]


def test_a_stranger_has_no_fresh_bucket_for_each_device_it_claims_to_be():
    claimed = (attempts.device("ana", name, "198.51.100.7") for name in ("Firefox", "curl"))
    own = {attempts.buckets("ana", each, "198.51.100.7", ())[0].key for each in claimed}
    assert len(own) == 1


def test_an_attempt_at_a_known_device_counts_at_its_address_too():
    home = attempts.device("ana", "Firefox", "192.0.2.1")
    (_, known), (_, unknown) = (attempts.buckets("ana", home, "192.0.2.1", each) for each in ((home,), ()))
    assert known == unknown


def test_an_unknown_login_is_counted_like_a_known_one():
    device = attempts.device("ana", "Firefox", "")
    assert attempts.buckets("ana", device, "", ()) == attempts.buckets("ana", device, "", ("elsewhere",))
    assert len(attempts.buckets("ana", device, "", ())) == 1


def test_ten_devices_are_remembered_the_latest_last():
    devices = tuple(str(number) for number in range(10))
    assert attempts.devices_with(devices, "new") == (*devices[1:], "new")
    assert attempts.devices_with(("a", "b"), "a") == ("b", "a")
