"""What stands on the metrics page of a container that runs inside the test's own process."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from nameko.containers import ServiceContainer
from prometheus_client.parser import text_string_to_metric_families

from chassis.process.looking import Looking, looks_of

Page = dict[tuple[str, ...], float]
"""Values by the name of the metric and the values of its labels, in the order of their names."""


def metrics_page(container: ServiceContainer) -> Page:
    """Return the page as a collector reads it, looked at anew."""
    text = Looking(partial(looks_of, container.dependencies)).page().decode()
    return {
        (sample.name, *_in_order(sample.labels)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def gauges_on(page: Mapping[tuple[str, ...], Any]) -> set[str]:
    """Return the names that stand on a page."""
    return {name for name, *_ in page}


def _in_order(labels: Mapping[str, str]) -> list[str]:
    return [labels[name] for name in sorted(labels)]
