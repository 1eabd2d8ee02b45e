"""What operators see over time: the panels of the dashboard, in rows of what belongs together.

A panel is a title, what it asks of Prometheus, and a unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

RECENT: Final = "$__rate_interval"
"""Grafana's name for a span that holds enough numbers at the zoom of the moment."""


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
