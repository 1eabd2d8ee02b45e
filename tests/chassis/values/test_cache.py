import pytest

from chassis.values.cache import Cache


class StoppedClock:
    def __init__(self):
        self.at = 100.0

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def cache(clock):
    return Cache(ttl_s=2.0, entries_max=2, now=clock)


def test_a_value_is_given_while_it_is_fresh_and_no_longer(cache, clock):
    cache.put("lamp", 1)
    clock.at += 1.9
    assert cache.get("lamp") == 1
    clock.at += 0.2
    assert cache.get("lamp") is None


def test_the_age_of_an_answer_counts_from_its_question(cache, clock):
    asked_at = cache.clock()
    clock.at += 1.5
    cache.put("lamp", 1, asked_at=asked_at)
    clock.at += 0.6
    assert cache.get("lamp") is None


@pytest.mark.parametrize(("ttl_s", "kept"), [(0.5, None), (60.0, 1)])
def test_a_value_may_end_sooner_than_others_but_not_later(cache, clock, ttl_s, kept):
    cache.put("lamp", 1, ttl_s=ttl_s)
    clock.at += 1.0
    assert cache.get("lamp") == kept
    clock.at += 1.1
    assert cache.get("lamp") is None


def test_when_it_is_full_the_longest_unused_leaves(cache):
    cache.put("first", 1)
    cache.put("second", 2)
    assert cache.get("first") == 1
    cache.put("third", 3)
    assert [cache.get(name) for name in ("first", "second", "third")] == [1, None, 3]


def test_what_is_old_leaves_before_what_is_fresh(cache, clock):
    cache.put("old", 1, ttl_s=0.5)
    cache.put("fresh", 2)
    clock.at += 1.0
    cache.put("new", 3)
    assert (cache.get("fresh"), cache.get("new")) == (2, 3)


def test_a_miss_is_fetched_once_and_then_remembered(cache):
    fetched = []
    for _ in range(2):
        assert cache.get_or("lamp", lambda: fetched.append(1) or "lit") == "lit"
    assert fetched == [1]


def test_what_fails_to_be_fetched_is_not_remembered(cache):
    with pytest.raises(ZeroDivisionError):
        cache.get_or("lamp", lambda: 1 // 0)
    assert cache.get_or("lamp", lambda: 2) == 2


def test_values_are_forgotten_one_by_one_or_all(cache):
    cache.put("lamp", 1)
    cache.put("fan", 2)
    cache.drop("lamp")
    cache.drop("unknown")
    assert (cache.get("lamp"), cache.get("fan")) == (None, 2)
    cache.clear()
    assert cache.get("fan") is None
