"""The names of metrics: what the code declares, the table says, with its labels, and nothing else."""

import re

from deploy.local.layout import ROOT
from deploy.monitoring import names


def the_table():
    """The labels of each name in docs/running.md."""
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    section = text[text.index("## Metrics") : text.index("## In containers")]
    rows = re.findall(r"^\| [a-z, ]+ \| `(marelle_\w+)` \|([^|]*)\|", section, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


def test_the_table_of_metrics_is_what_the_code_declares():
    assert the_table() == names.declared()


def test_no_label_could_hold_a_person():
    known = {
        "code",
        "door",
        "gauge",
        "kind",
        "lease",
        "method",
        "outcome",
        "peer",
        "pool",
        "queue",
        "route",
        "service",
        "state",
        "status",
        "timer",
        "work",
    }
    assert {label for labels in names.declared().values() for label in labels} == known


def test_what_stands_on_a_page_follows_from_what_is_declared():
    exposed = names.exposed()
    assert exposed["marelle_call_seconds_bucket"] == {"door", "le"}
    assert exposed["marelle_calls_total"] == {"door", "outcome"}
    assert exposed["marelle_outbox_waiting"] == set()
    for name in names.declared():
        assert name in exposed or f"{name}_bucket" in exposed
