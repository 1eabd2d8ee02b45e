"""The dashboard of operators, for Grafana 11 and later: `python -m deploy.monitoring.dashboard [--check]`.

What the panels ask is in `panels`. Where one stands follows from its place in a row.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any, Final

import click

from chassis.values.typography import typeset
from deploy.monitoring import HERE
from deploy.monitoring.panels import ROWS, Panel

FILE: Final = HERE / "dashboard.json"
SCHEMA: Final = 39
"""What Grafana 11.0 writes; later ones read it and bring it up to date themselves."""
_COLUMNS, _WIDTH, _HEIGHT = 3, 8, 8
_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}


def document() -> dict[str, Any]:
    """Return the dashboard as Grafana imports it."""
    return {
        "uid": "marelle",
        "title": "Marelle",
        "tags": ["marelle"],
        "schemaVersion": SCHEMA,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "timezone": "browser",
        "time": {"from": "now-6h", "to": "now"},
        "refresh": "30s",
        "annotations": {"list": []},
        "links": [],
        "templating": {"list": [_source_variable()]},
        "panels": [{"id": number, **each} for number, each in enumerate(_laid_out(), start=1)],
    }


def _source_variable() -> dict[str, Any]:
    """Let people choose which Prometheus is asked; the first one that is known is chosen for them."""
    return {
        "name": "datasource",
        "label": "Source",
        "type": "datasource",
        "query": "prometheus",
        "current": {},
        "options": [],
        "refresh": 1,
        "regex": "",
        "hide": 0,
        "includeAll": False,
        "multi": False,
        "skipUrlSync": False,
    }


def _laid_out() -> Iterator[dict[str, Any]]:
    yield _alerts()
    top = _HEIGHT
    for row in ROWS:
        place = {"h": 1, "w": _COLUMNS * _WIDTH, "x": 0, "y": top}
        yield {
            "type": "row",
            "title": typeset(row.title, "fr"),
            "collapsed": False,
            "gridPos": place,
            "panels": [],
        }
        for number, panel in enumerate(row.panels):
            line, column = divmod(number, _COLUMNS)
            y = top + 1 + line * _HEIGHT
            yield _drawn(panel, {"h": _HEIGHT, "w": _WIDTH, "x": column * _WIDTH, "y": y})
        top += 1 + -(-len(row.panels) // _COLUMNS) * _HEIGHT


def _alerts() -> dict[str, Any]:
    """The alerts of this moment, a line each."""
    asked = {**_target(0, 'ALERTS{alertstate="firing"}', ""), "instant": True, "range": False}
    return {
        "type": "table",
        "title": "Alertes en cours",
        "datasource": _SOURCE,
        "gridPos": {"h": _HEIGHT, "w": _COLUMNS * _WIDTH, "x": 0, "y": 0},
        "targets": [{**asked, "format": "table"}],
        "transformations": [
            {
                "id": "organize",
                "options": {
                    "excludeByName": dict.fromkeys(("Time", "Value", "__name__", "alertstate", "job"), True)
                },
            }
        ],
        "fieldConfig": {"defaults": {}, "overrides": []},
        "options": {"showHeader": True},
    }


def _drawn(panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    return {
        "type": "timeseries",
        "title": typeset(panel.title, "fr"),
        "datasource": _SOURCE,
        "gridPos": place,
        "targets": [_target(number, *asked) for number, asked in enumerate(panel.asked)],
        "fieldConfig": {
            "defaults": {"unit": panel.unit, "min": 0, "custom": {"fillOpacity": 10, "showPoints": "never"}},
            "overrides": [],
        },
        "options": {
            "legend": {"showLegend": True, "displayMode": "list", "placement": "bottom"},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
    }


def _target(number: int, expression: str, legend: str) -> dict[str, Any]:
    return {
        "refId": chr(ord("A") + number),
        "datasource": _SOURCE,
        "editorMode": "code",
        "expr": expression,
        "legendFormat": legend,
        "range": True,
    }


def text() -> str:
    """Return the file as the code is now."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail when the file is not what the code says.")
def main(*, check: bool) -> None:
    """Write the dashboard."""
    if not check:
        FILE.write_text(text(), encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != text():
        click.echo(f"{FILE.name} is stale: run make monitoring", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
