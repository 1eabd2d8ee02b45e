"""A share of the calls: how many may be open at one service, and who waits for one of them."""

import eventlet
import pytest
from prometheus_client import REGISTRY

from chassis.values.errors import Unavailable
from chassis.wire.share import Limits, Share

NEVER_S = 600.0


class Hands:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self):
        self.at_s = 1_000.0

    def __call__(self):
        return self.at_s

    def move(self, seconds):
        self.at_s += seconds


@pytest.fixture
def hands():
    return Hands()


def share(hands, *, open_max=1, line_max=100, wait_max_s=NEVER_S):
    return Share(Limits(open_max, line_max, wait_max_s), range(open_max), hands)


def waiting(one, name, served):
    """Somebody who joins the line, and writes down when it was their turn."""

    def wait():
        client = one.take(NEVER_S)
        served.append(name)
        return client

    greenlet = eventlet.spawn(wait)
    eventlet.sleep(0)
    return greenlet


def told(one, within_s=NEVER_S):
    with pytest.raises(Unavailable) as overload:
        one.take(within_s)
    return overload.value.reason


def answered(one, client, hands, after_s):
    hands.move(after_s)
    one.give(client, answered=True)
    eventlet.sleep(0)


def test_the_client_that_was_used_last_is_used_next(hands):
    one = share(hands, open_max=3)
    first, second = one.take(0), one.take(0)
    one.give(first, answered=True)
    one.give(second, answered=True)
    assert one.take(0) == second


def test_those_who_wait_have_their_turn_in_the_order_in_which_they_came(hands):
    one, served = share(hands), []
    client = one.take(0)
    line = [waiting(one, name, served) for name in "abc"]
    for greenlet in line:
        one.give(client, answered=True)
        client = greenlet.wait()
    assert served == ["a", "b", "c"]


def test_nobody_who_comes_while_others_wait_is_served_before_them(hands):
    """Who has just given a client back wants the next one at once: it goes to the line all the same."""
    one, served = share(hands, line_max=1), []
    client = one.take(0)
    waiting(one, "patient", served)
    one.give(client, answered=True)
    with pytest.raises(Unavailable):
        one.take(0)
    eventlet.sleep(0)
    assert served == ["patient"]


def test_a_line_that_is_full_is_told_at_once(hands):
    one = share(hands, line_max=2)
    one.take(0)
    for name in "ab":
        waiting(one, name, [])
    assert told(one) == "overloaded"


def test_nobody_waits_longer_than_the_share_allows_nor_than_they_have_time(hands):
    one = share(hands, wait_max_s=0.01)
    one.take(0)
    assert told(one) == "overloaded"
    patient = share(hands)
    patient.take(0)
    assert told(patient, within_s=0.01) == "overloaded"


def test_a_line_that_moves_too_slowly_for_ones_turn_is_not_joined(hands):
    """One answer in 0.2 s: within a second five have their turn, a sixth would wait in vain."""
    one, served = share(hands, wait_max_s=1.01), []
    client = one.take(0)
    for _ in range(50):  # until the pace is known
        greenlet = waiting(one, "before", served)
        answered(one, client, hands, after_s=0.2)
        client = greenlet.wait()
    for place in range(5):
        waiting(one, place, served)
    assert told(one) == "overloaded"


def test_who_may_not_wait_as_long_as_the_share_allows_is_told_sooner(hands):
    one = share(hands, wait_max_s=NEVER_S)
    client = one.take(0)
    greenlet = waiting(one, "before", [])
    answered(one, client, hands, after_s=10)
    greenlet.wait()
    assert told(one, within_s=1.0) == "overloaded"


def test_a_service_that_has_stopped_answering_is_not_waited_for(hands):
    one = share(hands, wait_max_s=1.0)
    one.take(0)
    hands.move(1.1)
    assert told(one) == "overloaded"


def test_a_call_that_was_given_up_is_no_sign_of_life(hands):
    one, served = share(hands, wait_max_s=1.0), []
    client = one.take(0)
    hands.move(0.5)
    greenlet = waiting(one, "next", served)
    hands.move(0.6)
    one.give(client, answered=False)
    greenlet.wait()
    assert told(one) == "overloaded"


def test_silence_while_clients_are_free_counts_for_nothing(hands):
    one, served = share(hands, wait_max_s=1.0), []
    hands.move(3_600)
    one.take(0)
    waiting(one, "next", served)
    assert served == []


def test_a_client_that_comes_for_somebody_who_is_gone_goes_to_the_next(hands):
    one, served = share(hands), []
    client = one.take(0)
    gone, patient = waiting(one, "gone", served), waiting(one, "patient", served)
    one.give(client, answered=True)
    gone.kill()
    assert patient.wait() == client
    assert served == ["patient"]


def test_who_leaves_the_line_leaves_no_gap_in_it(hands):
    one, served = share(hands), []
    client = one.take(0)
    gone, patient = waiting(one, "gone", served), waiting(one, "patient", served)
    gone.kill()
    one.give(client, answered=True)
    assert patient.wait() == client


def counted(what, service):
    return REGISTRY.get_sample_value(f"marelle_share_{what}", {"service": service}) or 0


def test_what_is_open_and_who_waits_is_shown_under_the_name_of_the_service(hands):
    one = Share(Limits(1, 1, NEVER_S), range(1), hands, service="lamps")
    client, served = one.take(0), []
    line = waiting(one, "patient", served)
    assert (counted("open", "lamps"), counted("waiting", "lamps"), one.open_count) == (1, 1, 1)
    one.give(client, answered=True)
    client = line.wait()
    assert (counted("open", "lamps"), counted("waiting", "lamps")) == (1, 0)
    one.give(client, answered=True)
    assert (counted("open", "lamps"), one.open_count) == (0, 0)


def test_whoever_is_told_to_come_again_is_counted(hands):
    one = Share(Limits(1, 0, NEVER_S), range(1), hands, service="meters")
    one.take(0)
    assert [told(one), told(one)] == ["overloaded", "overloaded"]
    assert counted("refused_total", "meters") == 2
