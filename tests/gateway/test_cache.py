"""A cache forgets by age and by number."""

from gateway.cache import Cache


class Watch:
    now_s = 0.0

    def __call__(self):
        return self.now_s


def test_a_value_is_forgotten_when_its_time_is_over():
    watch = Watch()
    cache = Cache(1.0, 10, watch)
    cache.put("a", 1)
    watch.now_s = 0.999
    assert cache.get("a") == 1
    watch.now_s = 1.0
    assert cache.get("a") is None


def test_age_counts_from_the_question_and_not_from_the_answer():
    watch = Watch()
    cache = Cache(1.0, 10, watch)
    asked_at = cache.clock()
    watch.now_s = 0.9
    cache.put("a", 1, asked_at)
    watch.now_s = 1.0
    assert cache.get("a") is None


def test_the_oldest_leaves_when_the_cache_is_full():
    cache = Cache(1.0, 2, Watch())
    for name in ("a", "b", "a", "c"):
        cache.put(name, name)
    assert [cache.get(name) for name in ("a", "b", "c")] == ["a", None, "c"]


def test_a_dropped_value_is_gone():
    cache = Cache(1.0, 2, Watch())
    cache.put("a", 1)
    cache.drop("a")
    cache.drop("a")
    assert cache.get("a") is None
