"""A slow provider takes only so many calls at once, and each for only so long."""

import eventlet
import pytest
from eventlet.event import Event

from billing.ports.bounded import Bounded
from billing.ports.provider import ProviderError


class SlowProvider:
    """Answers once it is let go; `asked` counts who waits."""

    def __init__(self):
        self.asked, self.go = 0, Event()

    def look_up(self, provider_reference):
        self.asked += 1
        self.go.wait()
        return provider_reference

    create = look_up


def failure_of(call, *asked):
    with pytest.raises(ProviderError) as raised:
        call(*asked)
    return raised.value.kind


def test_who_comes_beyond_the_share_is_refused_at_once_and_served_when_there_is_room():
    provider = SlowProvider()
    bounded = Bounded(provider, calls_max=2, within_s=60)
    waiting = [eventlet.spawn(bounded.look_up, "a"), eventlet.spawn(bounded.create, "b")]
    eventlet.sleep(0)
    assert provider.asked == 2
    assert failure_of(bounded.look_up, "c") == "busy"
    assert failure_of(bounded.create, "c") == "busy"
    provider.go.send()
    assert [each.wait() for each in waiting] == ["a", "b"]
    assert bounded.look_up("c") == "c"


def test_a_call_that_takes_too_long_ends_and_gives_its_place_back():
    bounded = Bounded(SlowProvider(), calls_max=1, within_s=0.01)
    for _ in range(3):
        assert failure_of(bounded.look_up, "a") == "unreachable"


def test_a_provider_that_fails_gives_its_place_back():
    class Broken:
        def look_up(self, provider_reference):
            raise ProviderError("technical")

    bounded = Bounded(Broken(), calls_max=1, within_s=60)
    assert [failure_of(bounded.look_up, "a") for _ in range(3)] == ["technical"] * 3
