"""The names and labels of all metrics, read from the code that counts: `python -m deploy.monitoring.names`.

The table in docs/running.md and the alerts are held against it.
"""

import importlib
from typing import Final

from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from chassis.running import gauges
from deploy.local.layout import SERVICES

PREFIX: Final = "marelle_"
_SUFFIXES: Final = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}


def declared() -> dict[str, set[str]]:
    """Return the labels of each metric by its name, as the page writes it: counters end in `_total`.

    A histogram stands under its own name, without what is put behind it on the page.
    """
    counted = {
        name + ("_total" if kind == "counter" else ""): labels for name, kind, labels in _of_registry()
    }
    return {**counted, **{name: set(gauge.labels) for name, gauge in gauges.declared().items()}}


def exposed() -> dict[str, set[str]]:
    """Return the labels of each name that stands on a page, for whoever writes a query."""
    found: dict[str, set[str]] = {}
    for name, kind, labels in _of_registry():
        for suffix in _SUFFIXES.get(kind, ("",)):
            found[name + suffix] = labels | ({"le"} if suffix == "_bucket" else set())
    return {**found, **{name: set(gauge.labels) for name, gauge in gauges.declared().items()}}


def _of_registry() -> list[tuple[str, str, set[str]]]:
    """Return name, kind and labels of each metric of ours that a program counts by itself."""
    for module in ("gateway.metrics", "chassis.process.health", *(f"{name}.service" for name in SERVICES)):
        importlib.import_module(module)
    ours = {
        each
        for name, each in REGISTRY._names_to_collectors.items()  # noqa: SLF001 - the registry tells nobody
        if name.startswith(PREFIX) and isinstance(each, MetricWrapperBase)
    }
    return sorted(
        (told.name, told.type, set(each._labelnames))  # noqa: SLF001 - the same
        for each in ours
        for told in each.describe()
    )


def main() -> None:
    """Print them, one a line."""
    for name, labels in sorted(declared().items()):
        print(name, *sorted(labels))


if __name__ == "__main__":
    main()
