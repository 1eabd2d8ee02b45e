"""Readiness is asked of a peer when somebody asks for the page, and told again for a moment."""

import eventlet
import pytest

from chassis.process import health
from chassis.process.health import _Peer

pytestmark = pytest.mark.pure


class Asked:
    """A peer that counts how often it is asked."""

    def __init__(self, *faults):
        self.times, self.faults = 0, list(faults)

    def __call__(self):
        self.times += 1
        eventlet.sleep(0)
        if self.faults and (fault := self.faults.pop(0)):
            raise fault


def test_nobody_is_probed_before_somebody_asks():
    probe = Asked()
    peer = _Peer("broker", probe)
    assert probe.times == 0
    assert peer.answers()
    assert probe.times == 1


def test_who_asks_a_moment_later_or_meanwhile_is_told_the_same():
    probe = Asked()
    peer = _Peer("broker", probe)
    assert [each.wait() for each in [eventlet.spawn(peer.answers) for _ in range(3)]] == [True] * 3
    assert probe.times == 1


def test_what_was_found_is_not_told_for_longer_than_that(monkeypatch):
    monkeypatch.setattr(health, "KNOWN_S", 0.0)
    peer = _Peer("store", Asked(None, OSError("10.0.0.7:27017 is away"), None))
    assert [peer.answers() for _ in range(3)] == [True, False, True]


def test_the_metrics_page_tells_of_each_peer_whether_it_answers(monkeypatch):
    monkeypatch.setattr(health, "KNOWN_S", 0.0)
    look = _Peer("store", Asked(None, OSError("10.0.0.7:27017 is away"))).look()
    told = [look.read(), look.read()]
    assert [(each.labels, each.value) for [each] in told] == [(("store",), 1), (("store",), 0)]


def test_a_probe_that_gets_no_answer_ends(monkeypatch):
    monkeypatch.setattr(health, "ANSWER_MAX_S", 0.01)
    peer = _Peer("store", eventlet.event.Event().wait)
    assert not peer.answers()
