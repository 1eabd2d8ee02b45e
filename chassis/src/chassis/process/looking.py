"""Looking at the gauges of a container when its metrics page is asked for (ADR 0033).

All looks are taken side by side, each within `LOOK_MAX_S`, and told again for a second to however many ask.
What can't be read is absent from the page and counted; the page itself never fails.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from chassis.running import metrics
from chassis.running.gauges import LOOK_MAX_S, Gauge, Look, Reading
from chassis.running.log import get_logger

KNOWN_S = 1.0
"""For so long what was read is told again: the parts are looked at once a second at most."""

PAGE_TYPE = CONTENT_TYPE_LATEST

_log = get_logger()


class Looking(Collector):
    """The looks of one process, which has to be started before they are asked for; makes its metrics page."""

    def __init__(self, looks: Callable[[], Sequence[Look]]) -> None:
        self._looks = looks
        self._asking = Semaphore(1)
        self._looked_at = float("-inf")
        self._found: list[Reading] = []
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def page(self) -> bytes:
        """Return what the gauges show, then what was counted: in Prometheus' text format."""
        return generate_latest(self._registry) + generate_latest(REGISTRY)

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Return what was found, by gauge; who comes while somebody looks waits for the same."""
        families: dict[Gauge, GaugeMetricFamily] = {}
        for gauge, labels, value in self._readings():
            family = families.setdefault(
                gauge, GaugeMetricFamily(gauge.name, gauge.meaning, labels=gauge.labels)
            )
            family.add_metric(labels, value)
        return families.values()

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Return nothing: registering must not look."""
        return ()

    def _readings(self) -> list[Reading]:
        with self._asking:
            if time.monotonic() - self._looked_at >= KNOWN_S:
                taken = [eventlet.spawn(_take, look) for look in self._looks()]
                self._found = [reading for each in taken for reading in each.wait()]
                self._looked_at = time.monotonic()
            return self._found


def _take(look: Look) -> list[Reading]:
    """Take one look; nothing where it failed or took too long."""
    limit = eventlet.Timeout(LOOK_MAX_S)
    try:
        return list(look.read())
    except (Exception, eventlet.Timeout) as error:  # noqa: BLE001 - the page is there to tell what is wrong
        for gauge in look.gauges:
            metrics.GAUGE_FAILURES.labels(gauge.name).inc()
        _log.debug("look_failed", gauges=[each.name for each in look.gauges], reason=type(error).__name__)
        return []
    finally:
        limit.cancel()


def looks_of(dependencies: Iterable[Any]) -> list[Look]:
    """Return the looks of all dependencies of a container that have some: those with a method `looks()`."""
    return [look for each in dependencies if hasattr(each, "looks") for look in each.looks()]
