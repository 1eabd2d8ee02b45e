"""The metrics page of each service, on real parts: every gauge that it declares is there, by an index."""

import importlib

import pytest

from chassis.storage.outbox import looking
from chassis.testing import running
from chassis.testing.gauges import gauges_on, metrics_page
from chassis.testing.plans import recorded
from deploy.local.layout import SERVICES

OF_ALL = {
    "marelle_outbox_waiting",
    "marelle_outbox_age_seconds",
    "marelle_lease_held",
    "marelle_queue_messages",
    "marelle_dead_letters",
    "marelle_pool_connections",
}
IN_USE = ("marelle_pool_connections", "database", "in_use")
TIMED = {"booking", "billing", "notify"}


@pytest.fixture(params=SERVICES)
def container(request, broker, mongo_database, monkeypatch):
    monkeypatch.setenv("NOTIFY_SMTP_URL", "smtp+plain://127.0.0.1:1")
    monkeypatch.setenv("NOTIFY_PUBLIC_URL", "https://portail.example")
    monkeypatch.setenv("IDENTITY_PEPPER", "a pepper of these tests")
    service_class = getattr(importlib.import_module(f"{request.param}.service"), request.param.capitalize())
    with running(service_class, MONGODB_DATABASE=mongo_database.name) as started:
        yield started


def own_gauges(container):
    (kinds,) = [each.kinds for each in container.dependencies if hasattr(each, "kinds")]
    return {gauge.name for kind in kinds for gauge in kind.GAUGES}


def failures(page):
    return {key: value for key, value in page.items() if key[0] == "marelle_gauge_failures_total"}


def test_every_gauge_of_a_service_is_on_its_page_and_reads_no_whole_collection(container, mongo_database):
    name = container.service_name
    before = failures(metrics_page(container))
    with recorded(mongo_database) as plans:
        page = metrics_page(container)
    assert gauges_on(page) >= OF_ALL | own_gauges(container)
    assert ("marelle_timer_last_run_seconds" in gauges_on(page)) is (name in TIMED)
    assert failures(page) == before
    assert page["marelle_queue_messages", "requests", f"rpc-{name}"] == 0
    assert page["marelle_pool_connections", "database", "idle"] + page[IN_USE] >= 1
    looked = [plan for plan in plans if plan[0] != "system.profile"]
    assert [plan for plan in looked if "COLLSCAN" in plan[1]] == []


def test_a_relay_that_holds_its_lease_shows_it(container):
    page = metrics_page(container)
    assert page["marelle_outbox_waiting",] == page["marelle_outbox_age_seconds",] == 0
    (relay,) = [each for each in container.dependencies if hasattr(each, "_runs")]
    lease = relay._runs[-1].lease
    lease.held()
    page = metrics_page(container)
    assert page["marelle_lease_held", lease.name] == 1
    assert page["marelle_lease_age_seconds", lease.name] < 300


def test_what_can_not_be_read_is_absent_from_the_page_and_counted(container, monkeypatch):
    monkeypatch.setattr(looking, "_backlogs", _away)
    before = failures(metrics_page(container)).get(
        ("marelle_gauge_failures_total", "marelle_outbox_waiting"), 0
    )
    page = metrics_page(container)
    assert "marelle_outbox_waiting" not in gauges_on(page)
    assert "marelle_queue_messages" in gauges_on(page)
    assert page["marelle_gauge_failures_total", "marelle_outbox_waiting"] == before + 1


def _away(*_):
    raise ConnectionError
