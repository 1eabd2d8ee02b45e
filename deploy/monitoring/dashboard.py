"""The dashboard of operators, for Grafana 11 and later: `python -m deploy.monitoring.dashboard [--check]`.

A panel is a title, what it asks of Prometheus, and a unit. Where it stands follows from its place in a row.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import click

from deploy.monitoring import HERE

FILE: Final = HERE / "dashboard.json"
SCHEMA: Final = 39
"""What Grafana 11.0 writes; later ones read it and bring it up to date themselves."""
RECENT: Final = "$__rate_interval"
"""Grafana's name for a span that holds enough numbers at the zoom of the moment."""
_COLUMNS, _WIDTH, _HEIGHT = 3, 8, 8
_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}


@dataclass(frozen=True)
class Panel:
    """A drawing over time: its title, what is asked and what each line is called, the unit of all lines.

    `unit` is one of Grafana's: "short" for numbers of things, "s", "reqps", "ops", "percentunit".
    """

    title: str
    asked: Sequence[tuple[str, str]]
    unit: str = "short"


@dataclass(frozen=True)
class Row:
    """Panels that belong together."""

    title: str
    panels: Sequence[Panel]


def _at(quantile: float, metric: str, label: str) -> str:
    """Ask for how long the given share of all takes at most, by a label."""
    return f"histogram_quantile({quantile}, sum by ({label}, le) (rate({metric}_bucket[{RECENT}])))"


def _rate(metric: str, *labels: str) -> str:
    return f"sum by ({', '.join(labels)}) (rate({metric}[{RECENT}]))"


def _mean(metric: str, *labels: str) -> str:
    """Ask for how long one takes on the average."""
    return f"{_rate(f'{metric}_sum', *labels)} / {_rate(f'{metric}_count', *labels)}"


def _failed_calls() -> str:
    return _rate('marelle_gateway_calls_total{outcome!="ok"}', "service", "outcome")


def _highest(metric: str, *labels: str) -> str:
    """Ask for a number that every copy of a program reads in the same database."""
    return f"max by ({', '.join(labels)}) ({metric})"


DOORS = Row(
    "Les familles",
    (
        Panel(
            "Demandes",
            [(_rate("marelle_http_requests_total", "route"), "{{route}}")],
            "reqps",
        ),
        Panel(
            "Réponses par code",
            [(_rate("marelle_http_requests_total", "status"), "{{status}}")],
            "reqps",
        ),
        Panel(
            "Refus par raison",
            [(_rate("marelle_refusals_total", "code"), "{{code}}")],
            "reqps",
        ),
        Panel(
            "Durée de 99 demandes sur 100",
            [(_at(0.99, "marelle_http_request_seconds", "route"), "{{route}}")],
            "s",
        ),
        Panel(
            "Durée d'une demande sur deux",
            [(_at(0.5, "marelle_http_request_seconds", "route"), "{{route}}")],
            "s",
        ),
        Panel(
            "Mots de passe vérifiés ou remis à plus tard",
            [(_rate("marelle_work_total", "work", "outcome"), "{{work}} {{outcome}}")],
            "ops",
        ),
    ),
)

BUS = Row(
    "Entre les programmes",
    (
        Panel(
            "Appels du portail",
            [(_rate("marelle_gateway_calls_total", "service", "method"), "{{service}}.{{method}}")],
            "ops",
        ),
        Panel(
            "Appels du portail sans bonne réponse",
            [(_failed_calls(), "{{service}} {{outcome}}")],
            "ops",
        ),
        Panel(
            "Durée moyenne d'un appel du portail",
            [(_mean("marelle_gateway_call_seconds", "service", "method"), "{{service}}.{{method}}")],
            "s",
        ),
        Panel(
            "Appels en cours, par destinataire",
            [
                ("sum by (program, service) (marelle_share_open)", "{{program}} vers {{service}}"),
                ("sum by (program, service) (marelle_share_waiting)", "{{program}} attend {{service}}"),
            ],
        ),
        Panel(
            "Appels refusés parce que trop attendent",
            [(_rate("marelle_share_refused_total", "program", "service"), "{{program}} vers {{service}}")],
            "ops",
        ),
        Panel(
            "Portes des services",
            [(_rate("marelle_calls_total", "door", "outcome"), "{{door}} {{outcome}}")],
            "ops",
        ),
        Panel(
            "Durée de 99 appels sur 100",
            [(_at(0.99, "marelle_call_seconds", "door"), "{{door}}")],
            "s",
        ),
        Panel(
            "Messages qui attendent",
            [(_highest("marelle_queue_messages", "queue", "kind"), "{{queue}} ({{kind}})")],
        ),
        Panel(
            "Événements mis de côté",
            [(_highest("marelle_dead_letters", "program"), "{{program}}")],
        ),
    ),
)

WORK = Row(
    "Le travail",
    (
        Panel(
            "Événements à envoyer",
            [(_highest("marelle_outbox_waiting", "program"), "{{program}}")],
        ),
        Panel(
            "Âge du plus ancien événement à envoyer",
            [(_highest("marelle_outbox_age_seconds", "program"), "{{program}}")],
            "s",
        ),
        Panel(
            "Places gardées, et à rendre",
            [
                ("max(marelle_held_places)", "gardées pour un paiement"),
                ("max(marelle_holds_overdue)", "à rendre"),
            ],
        ),
        Panel(
            "Listes d'attente",
            [("max(marelle_waiting_places)", "places attendues")],
        ),
        Panel(
            "Confirmations en cours",
            [("max(marelle_confirmations_open)", "sans réponse encore")],
        ),
        Panel(
            "Mails",
            [
                ("max(marelle_mails_waiting)", "à envoyer"),
                ("max(marelle_mails_failed)", "refusés pour de bon"),
            ],
        ),
        Panel(
            "Âge du plus ancien mail à envoyer",
            [("max(marelle_mails_oldest_seconds)", "attente")],
            "s",
        ),
        Panel(
            "Paiements",
            [
                ("max(marelle_payments_open)", "en cours"),
                ("max(marelle_quarantined_payments)", "à vérifier par la régie"),
            ],
        ),
    ),
)

PROCESSES = Row(
    "Les programmes",
    (
        Panel("Programmes qui répondent", [('up{job="marelle"}', "{{program}}")]),
        Panel(
            "Ce dont ils ont besoin répond",
            [("min by (program, peer) (marelle_peer_answers)", "{{program}} {{peer}}")],
        ),
        Panel(
            "Processeur",
            [(f"sum by (program) (rate(process_cpu_seconds_total[{RECENT}]))", "{{program}}")],
            "percentunit",
        ),
        Panel(
            "Connexions",
            [
                (
                    "sum by (program, pool, state) (marelle_pool_connections)",
                    "{{program}} {{pool}} {{state}}",
                )
            ],
        ),
        Panel(
            "Baux : âge du dernier renouvellement",
            [("min by (program, lease) (marelle_lease_age_seconds)", "{{program}} {{lease}}")],
            "s",
        ),
        Panel(
            "Baux : exemplaires qui en tiennent un",
            [("sum by (program, lease) (marelle_lease_held)", "{{program}} {{lease}}")],
        ),
        Panel(
            "Tâches : âge du dernier passage",
            [("min by (program, timer) (marelle_timer_last_run_seconds)", "{{program}} {{timer}}")],
            "s",
        ),
        Panel(
            "Tâches qui échouent",
            [(_rate("marelle_timer_failures_total", "program", "timer"), "{{program}} {{timer}}")],
            "ops",
        ),
        Panel(
            "Mesures illisibles",
            [(_rate("marelle_gauge_failures_total", "program", "gauge"), "{{program}} {{gauge}}")],
            "ops",
        ),
    ),
)

ROWS: Final = (DOORS, BUS, WORK, PROCESSES)


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
            "title": _typeset(row.title),
            "collapsed": False,
            "gridPos": place,
            "panels": [],
        }
        for number, panel in enumerate(row.panels):
            line, column = divmod(number, _COLUMNS)
            y = top + 1 + line * _HEIGHT
            yield _drawn(panel, {"h": _HEIGHT, "w": _WIDTH, "x": column * _WIDTH, "y": y})
        top += 1 + -(-len(row.panels) // _COLUMNS) * _HEIGHT


def _typeset(french: str) -> str:
    """Return a title as printers set it, with curled apostrophes and no line break before a colon."""
    return french.replace("'", "\u2019").replace(" :", "\u00a0:")


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
        "title": _typeset(panel.title),
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
