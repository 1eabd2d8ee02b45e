"""What the gateway's share of a service bears: a crowd as large as the bench's, and one that is too large."""

import runpy
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chassis.values.errors import Unavailable
from chassis.wire.share import Limits, Share
from gateway.settings import CALLS

CLIENTS, CONFIRMATIONS = 32, 400
TAKES_S = 0.005


class Service:
    """A service that takes its time over every call."""

    def __init__(self, limits):
        self.share = Share(limits, range(limits.open_max))

    def ask(self, _number):
        """Return whether the call was answered; False when it was told to come again."""
        try:
            client = self.share.take(2.0)
        except Unavailable:
            return False
        time.sleep(TAKES_S)
        self.share.give(client, answered=True)
        return True


def told_to_come_again(service, clients, calls):
    with ThreadPoolExecutor(clients) as crowd:
        return sum(not answered for answered in crowd.map(service.ask, range(calls)))


@pytest.mark.parametrize(
    ("limits", "all_answered"),
    [(CALLS, True), (Limits(CALLS.open_max, 0, 0.0), False)],
    ids=["the share", "without a line"],
)
def test_thirty_two_who_confirm_without_a_pause_are_all_answered(limits, all_answered):
    """Even if one process has all of them. Positive control: without a line some are told to come again."""
    assert (told_to_come_again(Service(limits), CLIENTS, CONFIRMATIONS) == 0) is all_answered


def test_a_crowd_that_is_too_large_is_told_so_and_does_not_pile_up():
    service = Service(CALLS)
    assert told_to_come_again(service, 4 * CLIENTS, CONFIRMATIONS) > 0
    assert told_to_come_again(service, CLIENTS, CONFIRMATIONS) == 0


def test_two_services_may_be_slow_before_anybody_waits_for_a_thread():
    config = runpy.run_path(str(Path(__file__).parents[2] / "gateway" / "gunicorn.conf.py"))
    assert config["threads"] >= 2 * (CALLS.open_max + CALLS.line_max)
