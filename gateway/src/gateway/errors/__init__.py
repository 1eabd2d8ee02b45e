"""From what went wrong to what the reader is told.

Services refuse with a code; `table` says which HTTP status and which sentence belong to it, in French and
English; `problems` turns exceptions into RFC 9457 answers. No route and no page words live here.
"""

from chassis.values.errors import Failed, Refused, Unavailable
from gateway.errors.problems import Problem, install, language, problem_of, problem_response
from gateway.errors.table import STATUSES, sentence, status_of

__all__ = [
    "STATUSES",
    "Failed",
    "Problem",
    "Refused",
    "Unavailable",
    "install",
    "language",
    "problem_of",
    "problem_response",
    "sentence",
    "status_of",
]
