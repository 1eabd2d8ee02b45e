"""The metrics page looks at the parts when it is asked for, within a time, and never fails."""

import eventlet
import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from chassis.process import looking
from chassis.process.looking import Looking, looks_of
from chassis.running import gauges
from chassis.running.gauges import Look, Reading

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def gauges_of_this_test(monkeypatch):
    monkeypatch.setattr(gauges, "_declared", {})


@pytest.fixture
def lit():
    return gauges.Gauge("marelle_lamps_lit", "Lamps that are lit.", ("room",))


class Hall:
    """A part that counts how often it is looked at."""

    def __init__(self, gauge, *faults):
        self.gauge, self.times, self.faults = gauge, 0, list(faults)

    def __call__(self):
        self.times += 1
        eventlet.sleep(0)
        if self.faults and (fault := self.faults.pop(0)):
            raise fault
        return [self.gauge.reads(3, "hall")]

    def looks(self):
        return [Look((self.gauge,), self)]


def shown(page, name="marelle_lamps_lit"):
    return {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
        if sample.name == name
    }


def failures(gauge):
    return REGISTRY.get_sample_value("marelle_gauge_failures_total", {"gauge": gauge.name}) or 0


def test_nothing_is_looked_at_before_somebody_asks(lit):
    hall = Hall(lit)
    page = Looking(hall.looks)
    assert hall.times == 0
    assert shown(page.page()) == {("hall",): 3}
    assert hall.times == 1


def test_however_many_ask_within_a_second_the_parts_are_looked_at_once(lit):
    hall = Hall(lit)
    page = Looking(hall.looks)
    pages = [asked.wait() for asked in [eventlet.spawn(page.page) for _ in range(5)]]
    assert [shown(each) for each in pages] == [{("hall",): 3}] * 5
    assert hall.times == 1


def test_what_was_found_is_not_told_for_longer_than_that(lit, monkeypatch):
    monkeypatch.setattr(looking, "KNOWN_S", 0.0)
    hall = Hall(lit, None, OSError("10.0.0.7:27017 is away"))
    page = Looking(hall.looks)
    assert [shown(page.page()) for _ in range(3)] == [{("hall",): 3}, {}, {("hall",): 3}]


def test_a_gauge_that_cannot_be_read_is_absent_and_counted_and_the_others_are_there(lit):
    put_out = gauges.Gauge("marelle_lamps_out", "Lamps that are not lit.")
    hall = Hall(lit, ValueError("no hall"))
    page = Looking(lambda: [*hall.looks(), Look((put_out,), lambda: [put_out.reads(1)])])
    before = failures(lit)
    told = page.page()
    assert shown(told) == {}
    assert shown(told, "marelle_lamps_out") == {(): 1}
    assert failures(lit) == before + 1
    assert f'gauge_failures_total{{gauge="marelle_lamps_lit"}} {before + 1}' in told.decode()


def test_a_part_that_does_not_answer_keeps_the_page_for_a_moment_only(lit, monkeypatch):
    monkeypatch.setattr(looking, "LOOK_MAX_S", 0.01)
    before = failures(lit)
    never = Look((lit,), eventlet.event.Event().wait)
    assert shown(Looking(lambda: [never]).page()) == {}
    assert failures(lit) == before + 1


def test_what_is_counted_while_it_happens_stands_on_the_same_page():
    assert b"marelle_calls_total" in Looking(list).page()


def test_every_dependency_that_has_looks_is_looked_at(lit):
    assert [look.gauges for look in looks_of([object(), Hall(lit)])] == [(lit,)]


def test_two_gauges_of_one_name_are_refused(lit):
    with pytest.raises(ValueError, match="two gauges"):
        gauges.Gauge(lit.name, "Something else.")
    assert gauges.declared() == {lit.name: lit}


def test_a_reading_has_a_value_for_each_label(lit):
    assert lit.reads(2, "cellar") == Reading(lit, ("cellar",), 2)
    with pytest.raises(ValueError, match="labels"):
        lit.reads(2)
