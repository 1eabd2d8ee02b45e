"""What the gateway counts, for Prometheus: requests, calls to services, refusals.

No label holds anybody's data. Codes of refusals are published language, reasons of outages the
chassis' own words: there are few of each.
With several workers the counts of all of them stand on one page, which their master serves: `exposition`.
"""

import time
from typing import Final

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

from chassis.values.errors import Failed, Refused, Unavailable

METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
REASONS: Final = {"timeout", "no_service", "overloaded", "connection", "database", "distrusted"}
NO_ROUTE: Final = "none"
OTHER: Final = "other"
ANSWERED: Final = "ok"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5)

REQUESTS = Counter(
    "marelle_http_requests", "Requests answered, by route, method and status.", ["route", "method", "status"]
)
REQUEST_SECONDS = Histogram(
    "marelle_http_request_seconds",
    "Time from a request's head to its answer, in seconds, by route.",
    ["route"],
    buckets=_BUCKETS,
)
CALLS = Counter(
    "marelle_gateway_calls",
    "Calls to services, by what became of them: ok, the code of a refusal, the reason of an outage, failed.",
    ["service", "method", "outcome"],
)
CALL_SECONDS = Histogram(
    "marelle_gateway_call_seconds",
    "Time that a call to a service took, the wait for a free client included, in seconds.",
    ["service", "method"],
    buckets=_BUCKETS,
)
REFUSALS = Counter("marelle_refusals", "Answers that were refused, by the code of the problem.", ["code"])


def install(app: Flask) -> None:
    """Count the requests of an application, from its first check to its answer."""
    app.before_request(_begin)
    app.after_request(_count)


def _begin() -> None:
    g.began_s = time.monotonic()


def _count(response: Response) -> Response:
    route = str(request.url_rule or NO_ROUTE)
    method = request.method if request.method in METHODS else OTHER
    REQUESTS.labels(route, method, str(response.status_code)).inc()
    REQUEST_SECONDS.labels(route).observe(time.monotonic() - g.began_s)
    return response


def refused(code: str) -> None:
    """Count an answer that was refused under this code."""
    REFUSALS.labels(code).inc()


def called(service: str, method: str, took_s: float, error: BaseException | None = None) -> None:
    """Count a call to a service that took so many seconds, and what it ended in."""
    CALLS.labels(service, method, _outcome(error)).inc()
    CALL_SECONDS.labels(service, method).observe(took_s)


def _outcome(error: BaseException | None) -> str:
    match error:
        case None:
            return ANSWERED
        case Refused():
            return error.code
        case Unavailable():
            return error.reason if error.reason in REASONS else OTHER
        case Failed():
            return "failed"
        case _:
            return OTHER
