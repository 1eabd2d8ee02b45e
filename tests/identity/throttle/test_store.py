"""Counting attempts in the database follows the rule."""

from datetime import UTC, datetime, timedelta

import pytest
from eventlet import GreenPool

from identity.throttle import rules as attempts
from identity.throttle.model import Bucket

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)


@pytest.mark.parametrize("free", [0, 2, 5])
def test_counting_attempts_follows_the_rule(store, free):
    bucket, now = Bucket("b", free), NOW
    for failure in range(1, free + 10):
        assert store.attempts.count_attempt(bucket, now) == 0
        wait_s = attempts.wait_s(failure, free)
        if wait_s:
            assert store.attempts.count_attempt(bucket, now) == wait_s
            # a wait is told in whole seconds after which the next attempt is let in
            assert store.attempts.count_attempt(bucket, now + timedelta(seconds=0.5)) == wait_s
            assert store.attempts.count_attempt(bucket, now + timedelta(seconds=wait_s - 0.5)) == 1
        now += timedelta(seconds=wait_s)


def test_a_right_password_takes_its_attempt_back_or_forgets_them_all(store):
    bucket = Bucket("b", 1)
    for _ in range(2):
        assert store.attempts.count_attempt(bucket, NOW) == 0
    store.attempts.forgive_attempt(bucket)
    assert store.attempts.count_attempt(bucket, NOW) == 0
    assert store.attempts.count_attempt(bucket, NOW) == 15
    store.attempts.forget_attempts(bucket)
    assert store.attempts.count_attempt(bucket, NOW) == 0


def test_a_free_attempt_does_not_refuse_one_whose_clock_is_a_moment_behind(store):
    bucket = Bucket("school", 50)
    assert store.attempts.count_attempt(bucket, NOW) == 0
    assert store.attempts.count_attempt(bucket, NOW - timedelta(milliseconds=5)) == 0


def test_attempts_sent_all_at_once_are_counted_one_by_one(store):
    bucket = Bucket("crowd", attempts.FREE_FAILURES)
    pool = GreenPool(20)
    waits = list(pool.imap(lambda _: store.attempts.count_attempt(bucket, NOW), range(40)))
    assert sorted(waits) == [0] * 6 + [15] * 34


def test_what_was_forgotten_is_not_taken_back_a_second_time(store):
    """Two log-ins at once: one forgets all attempts, the other then takes its own back."""
    bucket = Bucket("b", 0)
    store.attempts.count_attempt(bucket, NOW)
    for _ in range(3):
        store.attempts.forgive_attempt(bucket)
    assert store.attempts.count_attempt(bucket, NOW) == 0
    assert store.attempts.count_attempt(bucket, NOW) == attempts.wait_s(1, 0)
