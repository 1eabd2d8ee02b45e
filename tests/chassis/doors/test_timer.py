import eventlet
import lamps

from chassis.doors.timers import every
from chassis.testing import eventually, running

runs = []
alive = []


class Bell:
    name = "lamps"

    @every(seconds=0.05)
    def ring(self):
        runs.append(len(alive))
        alive.append(self)
        eventlet.sleep(0.12)
        alive.clear()

    @every(seconds=0.05)
    def crack(self):
        runs.append("crack")
        raise RuntimeError


def test_a_timer_runs_again_and_again_and_never_beside_itself(broker):
    runs.clear()
    with running(Bell):
        eventually(lambda: runs.count(0) >= 4)
    assert {run for run in runs if run != "crack"} == {0}


def test_a_timer_outlives_its_exceptions(broker):
    runs.clear()
    with running(Bell):
        eventually(lambda: runs.count("crack") >= 3)
    assert 0 in runs  # the other timer went on meanwhile


def test_a_stopped_timer_has_finished_its_run_and_starts_no_other(broker):
    runs.clear()
    with running(Bell):
        eventually(lambda: alive)
    assert alive == []
    count = len(runs)
    eventlet.sleep(0.2)
    assert len(runs) == count


def test_the_relay_and_a_timer_live_in_one_container(broker, mongo_database):
    class Both(lamps.Lamps):
        @every(seconds=0.05)
        def light(self):
            if self.store.database.outbox.count_documents({}) == 0:
                self.store.database.outbox.insert_one(lamps.lit("kitchen"))
                self.relay.wake()

    with running(Both, MONGODB_DATABASE=mongo_database.name):
        eventually(lambda: mongo_database.outbox.count_documents({"sent_at": {"$exists": True}}) == 1)
    assert mongo_database.outbox.count_documents({}) == 1
