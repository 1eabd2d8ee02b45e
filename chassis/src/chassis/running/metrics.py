"""What is counted, for Prometheus: calls by door and outcome, and how long they took."""

from prometheus_client import Counter, Histogram

CALLS = Counter("marelle_calls", "Calls answered, by door and outcome.", ["door", "outcome"])
WORK = Counter(
    "marelle_work", "Work that takes long, by what it is and what became of it.", ["work", "outcome"]
)
SECONDS = Histogram(
    "marelle_call_seconds",
    "Time from a call's arrival to its answer, in seconds, by door.",
    ["door"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
)
