"""Counting attempts in the database follows the rule."""

from datetime import UTC, datetime, timedelta

import pytest
from eventlet import GreenPool

from identity.throttle import rules as throttle
from identity.throttle.model import Allowance, Bucket

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
NEVER_S = 10**9


def allowing(free, forgotten_every_s=NEVER_S):
    return Allowance(free, 15, 15 * 60, forgotten_every_s)


@pytest.mark.parametrize("free", [0, 5])
def test_counting_attempts_follows_the_rule(store, free):
    bucket, now = Bucket("b", allowing(free)), NOW
    for failure in range(1, free + 10):
        assert store.attempts.count_attempt(bucket, now) == 0
        wait_s = throttle.wait_s(failure, bucket.allowance)
        if wait_s:
            assert store.attempts.count_attempt(bucket, now) == wait_s
            # a wait is told in whole seconds after which the next attempt is let in
            assert store.attempts.count_attempt(bucket, now + timedelta(seconds=0.5)) == wait_s
            assert store.attempts.count_attempt(bucket, now + timedelta(seconds=wait_s - 0.5)) == 1
        now += timedelta(seconds=wait_s)


def counted(store, bucket):
    return store.database.attempts.find_one({"_id": bucket.key})["failures"]


def test_failures_are_forgotten_one_by_one_as_time_passes(store):
    """One an hour here; what is left of an hour counts for the next."""
    bucket, now = Bucket("b", allowing(5, 3600)), NOW
    for minutes, failures in (
        (0, 1),
        (0, 2),
        (0, 3),
        (59, 4),
        (2, 4),
        (58, 5),
        (1, 5),
        (180, 3),
        (10_000, 1),
    ):
        now += timedelta(minutes=minutes)
        assert store.attempts.count_attempt(bucket, now) == 0
        assert counted(store, bucket) == failures


def test_a_row_goes_when_all_that_it_counts_is_forgotten_and_waiting_does_not_keep_it(store):
    bucket = Bucket("b", Allowance(1, 15, 15, 60))
    for _ in range(2):
        assert store.attempts.count_attempt(bucket, NOW) == 0
    ends = store.database.attempts.find_one()["forget_at"]
    assert ends == NOW + timedelta(seconds=120)
    assert store.attempts.count_attempt(bucket, NOW + timedelta(seconds=14)) == 1
    assert store.database.attempts.find_one()["forget_at"] == ends
    assert counted(store, bucket) == 2


def test_after_a_thousand_failures_from_one_address_the_next_waits_two_seconds_and_no_longer(store):
    bucket, let_in = Bucket("crowd", throttle.NETWORK), 0
    waits = []
    for each in range(1000):
        wait_s = store.attempts.count_attempt(bucket, NOW + timedelta(milliseconds=10 * each))
        waits.append(wait_s)
        let_in += wait_s == 0
    assert let_in == 200 + 1 + 4  # the free ones, the one that makes others wait, one every two seconds
    assert max(waits) == 2
    assert store.attempts.count_attempt(bucket, NOW + timedelta(seconds=12)) == 0


def test_five_thousand_families_behind_one_address_of_which_every_tenth_mistypes_wait_for_nobody(store):
    """In a quarter of an hour; successes are taken back."""
    bucket = Bucket("school", throttle.NETWORK)
    for family in range(0, 5000, 10):  # the others leave nothing behind
        now = NOW + timedelta(milliseconds=180 * family)
        assert [store.attempts.count_attempt(bucket, now) for _ in range(2)] == [0, 0]
        store.attempts.forgive_attempt(bucket)
    assert counted(store, bucket) <= throttle.NETWORK.free_failures


def test_what_the_release_before_counted_is_gone_on_with(store):
    """It wrote neither since when, nor counted as many at most; and it reads what this one writes."""
    store.database.attempts.insert_one(
        {"_id": "b", "failures": 40, "forget_at": NOW, "allowed": True, "wait_until": NOW}
    )
    bucket = Bucket("b", throttle.ACCOUNT)
    assert store.attempts.count_attempt(bucket, NOW) == 0
    assert counted(store, bucket) == 12
    assert store.attempts.count_attempt(bucket, NOW) == 900
    assert store.database.attempts.count_documents({"failures": {"$type": "int"}}) == 1


def test_a_right_password_takes_its_attempt_back_or_forgets_them_all(store):
    bucket = Bucket("b", allowing(1))
    for _ in range(2):
        assert store.attempts.count_attempt(bucket, NOW) == 0
    store.attempts.forgive_attempt(bucket)
    assert store.attempts.count_attempt(bucket, NOW) == 0
    assert store.attempts.count_attempt(bucket, NOW) == 15
    store.attempts.forget_attempts(bucket)
    assert store.attempts.count_attempt(bucket, NOW) == 0


def test_a_free_attempt_does_not_refuse_one_whose_clock_is_a_moment_behind(store):
    bucket = Bucket("school", throttle.NETWORK)
    assert store.attempts.count_attempt(bucket, NOW) == 0
    assert store.attempts.count_attempt(bucket, NOW - timedelta(milliseconds=5)) == 0
    assert counted(store, bucket) == 2


def test_attempts_sent_all_at_once_are_counted_one_by_one(store):
    bucket = Bucket("crowd", throttle.ACCOUNT)
    pool = GreenPool(20)
    waits = list(pool.imap(lambda _: store.attempts.count_attempt(bucket, NOW), range(40)))
    assert sorted(waits) == [0] * 6 + [15] * 34


def test_what_was_forgotten_is_not_taken_back_a_second_time(store):
    """Two log-ins at once: one forgets all attempts, the other then takes its own back."""
    bucket = Bucket("b", allowing(0))
    store.attempts.count_attempt(bucket, NOW)
    for _ in range(3):
        store.attempts.forgive_attempt(bucket)
    assert store.attempts.count_attempt(bucket, NOW) == 0
    assert store.attempts.count_attempt(bucket, NOW) == 15
