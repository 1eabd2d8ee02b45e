"""Hashing: what is checked, with which parameters, and how many may wait."""

from datetime import date

import eventlet
import pytest
from eventlet.event import Event

from chassis.values.errors import Refused
from identity.ports.hashing import RETURN_MAX_S, HashingQueue, Passwords, Verdict

PEPPER = b"a pepper for the tests only"


def listening():
    """Say for how many seconds a patient caller still listens."""
    return 60.0


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
        with queue.place(listening) as check:
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


class Crowd:
    """A queue whose hashes take as long as the test says, and callers that come to it."""

    def __init__(self, hash_s=0.1, **options):
        self.now_s, self.hash_s, self.hashed = 100.0, hash_s, 0
        options = {"threads": 2, "queue_max": 20, "workers": 48, **options}
        self.queue = HashingQueue(passwords(), run=self.run, monotonic=lambda: self.now_s, **options)

    def run(self, *_asked):
        self.hashed += 1
        self.now_s += self.hash_s
        return Verdict(matches=True)

    def come(self, left_s=2.0):
        """Ask as a caller who listens for so long; returns None, or after how many seconds to come again."""
        gone_at_s = self.now_s + left_s
        try:
            with self.queue.place(lambda: gone_at_s - self.now_s) as check:
                check("soleil-marelle-42", None)
        except Refused as refusal:
            return refusal.retry_after_s
        return None


def test_no_password_is_hashed_for_a_caller_that_has_gone_when_its_turn_comes():
    crowd = Crowd()
    with crowd.queue.place(lambda: 102 - crowd.now_s) as check:
        crowd.now_s += 2
        with pytest.raises(Refused) as refusal:
            check("soleil-marelle-42", None)
    assert (refusal.value.code, crowd.hashed) == ("overloaded", 0)
    assert crowd.come() is None
    assert crowd.hashed == 1


def test_who_would_not_hear_the_answer_any_more_is_told_at_once_to_come_again():
    crowd = Crowd()
    for _ in range(20):
        crowd.come()
    with crowd.queue.place(listening), crowd.queue.place(listening):  # two are served in a tenth of a second
        assert crowd.come(left_s=0.2) == 1
        assert crowd.come(left_s=0.3) is None


def test_those_turned_away_are_told_times_of_return_as_far_apart_as_passwords_are_hashed():
    crowd = Crowd(queue_max=0)
    for _ in range(20):
        crowd.come()
    with crowd.queue.place(listening), crowd.queue.place(listening):
        waits = [crowd.come() for _ in range(1000)]
    each_second = [waits.count(wait_s) for wait_s in range(2, 30)]
    assert set(each_second) <= {13, 14}
    assert max(waits) == RETURN_MAX_S
    crowd.now_s += RETURN_MAX_S
    assert crowd.come() is None


def test_a_machine_that_stood_still_for_a_moment_lets_people_in_again():
    crowd = Crowd(hash_s=60)
    for _ in range(20):
        crowd.come(left_s=100)
    crowd.hash_s = 0.1
    assert crowd.come() is None


def test_what_stands_for_an_address_in_the_log_is_another_every_day_and_in_every_installation():
    day = date(2026, 11, 16)
    found = HashingQueue(passwords(), threads=2, queue_max=3, workers=20).pseudonym("192.0.2.1", day)
    assert len(found) == 8
    assert found == passwords().pseudonym("192.0.2.1", day)
    others = {
        passwords().pseudonym("192.0.2.2", day),
        passwords().pseudonym("192.0.2.1", date(2026, 11, 17)),
        Passwords(b"another pepper for tests", memory_kib=8, time_cost=1).pseudonym("192.0.2.1", day),
    }
    assert len({found, *others}) == 4
