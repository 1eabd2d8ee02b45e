"""What is asked of Prometheus, read by a parser of its language: which numbers, labels and spans."""

import json
import re
from collections.abc import Iterator, Mapping

import promql_parser as promql

from deploy.monitoring import HERE
from tests.alerts import hurried

ZOOM = "$__rate_interval"
TARGET_LABELS = {"job", "instance", "program"}
"""What Prometheus adds to each number: deploy/monitoring/prometheus.yml says so of `program`."""
OF_OTHERS = {
    "up": set(),
    "ALERTS": {"alertname", "alertstate"},
    "process_start_time_seconds": set(),
    "process_cpu_seconds_total": set(),
}
"""Numbers that are not ours, which Prometheus and its client always have."""


def of_rules() -> dict[str, str]:
    """Each rule's expression, by its alert."""
    return {name: rule["expr"] for name, rule in hurried.each_rule(hurried.rules()).items()}


def panels() -> list[dict]:
    """The panels of the dashboard as it is delivered."""
    return json.loads((HERE / "dashboard.json").read_text(encoding="utf-8"))["panels"]


def of_panels() -> dict[str, str]:
    """What each panel asks, by its title and the letter of the question."""
    return {
        f"{panel['title']} {target['refId']}": target["expr"].replace(ZOOM, "5m")
        for panel in panels()
        for target in panel.get("targets", ())
    }


def nodes(expression: str) -> list:
    """All parts of an expression. Raises ValueError when it can't be read."""
    found: list = []
    promql.walk(promql.parse(expression), found.append)
    return found


def metrics(expression: str) -> set[str]:
    """The names of the numbers that it looks at."""
    return {node.name for node in nodes(expression) if isinstance(node, promql.VectorSelector)}


def base(metric: str) -> str:
    """The name under which a histogram is declared whose parts are asked for."""
    return re.sub(r"_(bucket|sum|count)$", "", metric)


def unknown(expression: str, exposed: Mapping[str, set[str]]) -> list[str]:
    """What an expression names and nobody declares: numbers, and labels that they do not have."""
    return [f"{name} {label}".strip() for name, label in _wrong(promql.parse(expression), exposed)]


def _wrong(tree: object, exposed: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    for node in nodes(str(tree)):
        if isinstance(node, promql.VectorSelector):
            if node.name not in exposed:
                yield node.name, ""
            else:
                named = {matcher.name for matcher in node.matchers.matchers}
                yield from ((node.name, label) for label in named - _labels(node.name, exposed))
        elif isinstance(node, promql.AggregateExpr) and node.modifier:
            yield from _not_had(node, node.modifier.labels, exposed)
        elif isinstance(node, promql.BinaryExpr) and node.modifier and node.modifier.matching:
            yield from _not_had(node, node.modifier.matching.labels, exposed)


def _not_had(node: object, labels: list[str], exposed: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """By label, the numbers below a part of an expression that do not have it."""
    for name in metrics(str(node)) & exposed.keys():
        yield from ((name, label) for label in set(labels) - _labels(name, exposed))


def _labels(name: str, exposed: Mapping[str, set[str]]) -> set[str]:
    return exposed[name] | TARGET_LABELS


def grouped_by(expression: str) -> set[str]:
    """The labels that an alert of this expression has, as far as the expression chooses them."""
    tree = promql.parse(expression)
    while isinstance(tree, promql.BinaryExpr | promql.Call):
        if isinstance(tree, promql.BinaryExpr):
            tree = tree.lhs
        else:
            tree = next(each for each in tree.args if not isinstance(each, promql.NumberLiteral))
    if isinstance(tree, promql.AggregateExpr):
        return set(tree.modifier.labels) - {"le"} if tree.modifier else set()
    return TARGET_LABELS


def windows_s(expression: str, function: str) -> list[float]:
    """The spans in seconds over which a function looks back."""
    calls = (
        node for node in nodes(expression) if isinstance(node, promql.Call) and node.func.name == function
    )
    return [argument.range.total_seconds() for call in calls for argument in call.args]
