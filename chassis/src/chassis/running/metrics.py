"""What is counted while it happens, for Prometheus. What is looked up when somebody asks is in `gauges`.

No label holds a person's data, an id, or a text that somebody outside chose.
"""

from prometheus_client import Counter, Gauge, Histogram

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
SHARE_OPEN = Gauge(
    "marelle_share_open",
    "Calls that are open at a service, of this caller's share of it.",
    ["service"],
    multiprocess_mode="livesum",
)
SHARE_WAITING = Gauge(
    "marelle_share_waiting",
    "Callers who wait in line for a share of a service.",
    ["service"],
    multiprocess_mode="livesum",
)
SHARE_REFUSED = Counter(
    "marelle_share_refused", "Calls not made because the share of a service was full.", ["service"]
)
TIMER_FAILURES = Counter(
    "marelle_timer_failures", "Runs of a timer that ended in an error or met an outage.", ["timer"]
)
GAUGE_FAILURES = Counter(
    "marelle_gauge_failures", "Looks at a gauge that could not be read, and is therefore absent.", ["gauge"]
)
