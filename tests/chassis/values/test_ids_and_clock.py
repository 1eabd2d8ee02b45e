import os
import subprocess
import sys
import time
import uuid

import pytest

from chassis.testing import FrozenClock, SequentialIds, eventually
from chassis.values.clock import Clock
from chassis.values.ids import derived_id, named_id, new_id


def test_new_ids_are_of_version_7_and_sort_by_time():
    began = time.time()
    before = new_id()
    time.sleep(0.002)
    after = new_id()
    assert before < after
    parsed = uuid.UUID(after)
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert int(began * 1000) <= parsed.int >> 80 <= time.time() * 1000
    assert len({new_id() for _ in range(1000)}) == 1000


def test_the_same_reference_of_the_same_organisation_is_always_the_same_thing():
    assert named_id("o", "child", "E-1") == named_id("o", "child", "E-1")
    others = {named_id("p", "child", "E-1"), named_id("o", "family", "E-1"), named_id("o", "child", "E-2")}
    assert named_id("o", "child", "E-1") not in others
    assert uuid.UUID(named_id("o", "child", "E-1")).version == 5


def test_parts_of_a_derived_id_do_not_run_together():
    assert derived_id("ab", "c") != derived_id("a", "bc")
    assert derived_id("a", 1) == derived_id("a", "1")


def test_the_clock_tells_utc_in_milliseconds():
    now = Clock().now()
    assert now.utcoffset().total_seconds() == 0
    assert now.microsecond % 1000 == 0


@pytest.mark.parametrize("ahead_s", [3600, -7200])
def test_a_process_may_be_told_that_it_is_later_or_earlier(ahead_s):
    asked = "from chassis.values.clock import Clock; print(Clock().now().timestamp())"
    environment = {**os.environ, "CHASSIS_CLOCK_AHEAD_S": str(ahead_s)}
    began = time.time()
    told = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, check=True)
    assert int(began) <= float(told.stdout) - ahead_s <= time.time()


def test_a_frozen_clock_moves_only_when_told():
    clock = FrozenClock("2026-11-16T09:00:00+01:00")
    assert clock.now().isoformat() == "2026-11-16T08:00:00+00:00"
    clock.advance(hours=2)
    assert clock.now().isoformat() == "2026-11-16T10:00:00+00:00"


def test_sequential_ids_can_be_foretold_and_derived_ones_stay():
    ids = SequentialIds()
    assert [ids.new_id()[-4:] for _ in range(2)] == ["0001", "0002"]
    assert ids.named_id("o", "child", "E-1") == named_id("o", "child", "E-1")


def test_waiting_ends_when_it_is_so_and_says_what_was_not():
    assert eventually(lambda: 7) == 7
    with pytest.raises(AssertionError, match="still not so"):
        eventually(lambda: None, 0.05)

    def never():
        assert not new_id(), "there is one"

    with pytest.raises(AssertionError, match="there is one"):
        eventually(never, 0.05)
