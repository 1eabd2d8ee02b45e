"""Hashing: what is checked, with which parameters, and how many may wait."""

import eventlet
import pytest
from eventlet.event import Event

from chassis.values.errors import Refused
from identity.ports.hashing import HashingQueue, Passwords, Verdict

PEPPER = b"a pepper for the tests only"


def passwords(memory_kib=8):
    return Passwords(PEPPER, memory_kib=memory_kib, time_cost=1)


def test_a_password_matches_however_its_accents_are_written():
    queue = passwords()
    assert queue.check("e\u0301toile-du-nord", queue.hash("\u00e9toile-du-nord")) == Verdict(matches=True)


def test_without_an_account_a_dummy_hash_of_the_same_parameters_is_checked(monkeypatch):
    queue = passwords()
    checked = []
    verify = type(queue._hasher).verify
    monkeypatch.setattr(
        type(queue._hasher),
        "verify",
        lambda self, stored, given: checked.append(stored) or verify(self, stored, given),
    )
    known = queue.hash("soleil-marelle-42")
    assert not queue.check("wrong-wrong-wrong", None).matches
    assert not queue.check("wrong-wrong-wrong", known).matches
    parameters = [stored.rsplit("$", 2)[0] for stored in checked]
    assert parameters[0] == parameters[1]


def test_a_hash_with_other_parameters_is_made_anew_when_the_password_is_right():
    old, new = passwords(memory_kib=8), passwords(memory_kib=16)
    verdict = new.check("soleil-marelle-42", old.hash("soleil-marelle-42"))
    assert verdict.matches
    assert "m=16," in verdict.fresh_hash
    assert new.check("soleil-marelle-42", verdict.fresh_hash) == Verdict(matches=True)


def test_what_is_no_hash_matches_nothing():
    assert not passwords().check("soleil-marelle-42", "imported from elsewhere").matches


def test_a_short_pepper_is_refused_at_the_start():
    with pytest.raises(ValueError, match="pepper"):
        Passwords(b"short", memory_kib=8, time_cost=1)


def test_few_hash_some_wait_and_the_others_are_told_when_to_come_again():
    finish, running = Event(), []

    def run(_check, password, _stored):
        running.append(password)
        finish.wait()
        return Verdict(matches=False)

    queue = HashingQueue(passwords(), threads=2, queue_max=3, workers=20, run=run)

    def ask(number):
        with queue.place() as check:
            return check(str(number), None)

    asked = [eventlet.spawn(ask, number) for number in range(5)]
    eventlet.sleep(0)
    with pytest.raises(Refused) as refusal:
        ask(6)
    assert refusal.value.code == "overloaded"
    assert refusal.value.retry_after_s >= 1
    assert len(running) == 2
    finish.send()
    assert all(not each.wait().matches for each in asked)
    assert ask(7) == Verdict(matches=False)


@pytest.mark.parametrize(("workers", "room"), [(100, 22), (44, 22), (20, 10), (1, 1)])
def test_a_rush_of_log_ins_leaves_half_of_the_workers_to_others(workers, room):
    assert HashingQueue(passwords(), threads=2, queue_max=20, workers=workers).room == room
