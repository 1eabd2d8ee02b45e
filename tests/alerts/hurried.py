"""The rules of `deploy/monitoring` in a hurry: thresholds as they are, every span thirty times as short."""

import re
from datetime import timedelta
from typing import Any, Final

import yaml

from deploy.monitoring import HERE

HURRY: Final = 30
ASKED_EVERY: Final = "2500ms"
"""Four times in the shortest window; longer than a page takes whose program waits for what it looks up."""
LOOKED_AT_EVERY: Final = "1s"
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SPAN: Final = re.compile(r"(\d+)([smhd])")
_WINDOW: Final = re.compile(r"(?<=\[)\d+[smhd](?=\])|(?<=offset )\d+[smhd]")


def rules() -> dict[str, Any]:
    """Read the rules as they are."""
    read: dict[str, Any] = yaml.safe_load((HERE / "alerts.yml").read_text(encoding="utf-8"))
    return read


def each_rule(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Give the rules of a document by the names of their alerts."""
    return {rule["alert"]: rule for group in document["groups"] for rule in group["rules"]}


def hurried() -> dict[str, Any]:
    """Give the rules with every window and every wait shortened; what they compare with stays."""
    document = rules()
    for rule in each_rule(document).values():
        rule["expr"] = _WINDOW.sub(lambda found: shortened(found[0]), rule["expr"])
        rule["for"] = shortened(rule["for"])
    return document


def seconds(span: str) -> float:
    """Give a span such as 5m in seconds. Raises ValueError."""
    match = _SPAN.fullmatch(span)
    if match is None:
        raise ValueError(f"not a span: {span!r}")
    return timedelta(**{_UNITS[match[2]]: int(match[1])}).total_seconds()


def shortened(span: str) -> str:
    """Give a span thirty times as short, in milliseconds."""
    return f"{seconds(span) / HURRY * 1000:.0f}ms"


def scrape(targets: dict[str, str]) -> dict[str, Any]:
    """Give the configuration for containers with other addresses by program, asked more often."""
    configuration: dict[str, Any] = yaml.safe_load((HERE / "prometheus.yml").read_text(encoding="utf-8"))
    configuration["global"] = {
        "scrape_interval": ASKED_EVERY,
        "scrape_timeout": ASKED_EVERY,
        "evaluation_interval": LOOKED_AT_EVERY,
    }
    [job] = configuration["scrape_configs"]
    for each in job["static_configs"]:
        each["targets"] = [targets[each["labels"]["program"]]]
    return configuration
