"""How often a log-in may be tried; the tables are in docs/rules/passwords.md."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.throttle import rules as throttle
from identity.throttle.model import Allowance, Device
from tests.booking.rule_tables import rows

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
ALLOWANCES = st.builds(
    Allowance, st.integers(0, 60), st.integers(1, 20), st.integers(20, 900), st.integers(1, 3600)
)


@pytest.mark.parametrize("row", rows("passwords.md", "## How long to wait after failures"), ids=str)
def test_five_failures_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour(row):
    assert throttle.wait_s(int(row["failures"]), throttle.ACCOUNT) == int(row["wait in s"])


@pytest.mark.parametrize("row", rows("passwords.md", "## What counts from one address"), ids=str)
def test_from_one_address_two_hundred_failures_are_free_and_then_one_every_two_seconds(row):
    assert throttle.wait_s(int(row["failures"]), throttle.NETWORK) == int(row["wait in s"])


@pytest.mark.parametrize("row", rows("passwords.md", "## How failures are forgotten"), ids=str)
def test_failures_are_forgotten_one_after_the_other(row):
    allowance = throttle.NETWORK if row["of"] == "address" else throttle.ACCOUNT
    left = int(row["failures"]) - throttle.forgotten(timedelta(seconds=int(row["seconds later"])), allowance)
    assert max(0, left) == int(row["left"])


@given(st.integers(0, 100_000), ALLOWANCES)
def test_a_wait_never_shrinks_and_never_locks_for_good(failures, allowance):
    waits = throttle.wait_s(failures, allowance), throttle.wait_s(failures + 1, allowance)
    assert waits[0] <= waits[1] <= allowance.wait_max_s


@given(st.integers(0, 200), ALLOWANCES)
def test_the_list_of_waits_is_the_rule(failures, allowance):
    waits = throttle.waits_s(allowance)
    assert waits[min(failures, len(waits) - 1)] == throttle.wait_s(failures, allowance)


@given(ALLOWANCES)
def test_after_a_while_nothing_is_left_of_any_number_of_failures(allowance):
    counted = len(throttle.waits_s(allowance)) - 1
    assert throttle.forgotten(throttle.forgotten_after(allowance), allowance) >= counted


def test_a_known_device_has_a_bucket_that_a_stranger_can_not_fill():
    [at_home] = throttle.buckets("ana", "home", "192.0.2.1")
    [network, stranger] = throttle.buckets("ana", None, "192.0.2.1")
    assert len({at_home.key, network.key, stranger.key}) == 3
    assert [each.allowance for each in (at_home, network, stranger)] == [
        throttle.ACCOUNT,
        throttle.NETWORK,
        throttle.ACCOUNT,
    ]


def test_without_an_address_only_the_account_is_counted():
    [own] = throttle.buckets("ana", None, "")
    assert own == throttle.buckets("ana", None, "192.0.2.1")[-1]


@pytest.mark.parametrize("row", rows("passwords.md", "## What one address is"), ids=str)
def test_an_address_is_what_one_household_or_office_has(row):
    assert throttle.network_of(row["address"]) == row["counted as"]


def test_a_device_is_known_by_another_hash_to_each_account():
    assert throttle.device_sha256("a1", "token") != throttle.device_sha256("a2", "token")


@pytest.mark.parametrize(
    ("days", "known", "renewed"), [(0, True, False), (1, True, True), (394, True, True), (395, False, True)]
)
def test_a_device_is_known_for_thirteen_months_after_the_latest_log_in(days, known, renewed):
    device, now = Device("home", NOW), NOW + timedelta(days=days)
    assert throttle.known_device([Device("other", NOW), device], "home", now) == (device if known else None)
    assert throttle.is_renewal_due(device, now) is renewed


def test_a_device_that_is_not_known_is_written_down():
    assert throttle.known_device([Device("other", NOW)], "home", NOW) is None
    assert throttle.is_renewal_due(None, NOW)
