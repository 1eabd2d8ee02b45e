"""Log lines: one JSON object each, on standard output, with the request id they belong to.

What is bound here follows a worker (a thread or a greenlet), never the process. No personal data in any line:
of an exception only types and places are written, since its text may quote what people typed, and neither the
values of its local variables. Where a text is written, as libraries do, addresses of machines are taken out.
"""

import logging
import os
import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict

_LOGIN = re.compile(r"(?<=://)[^\s/@]+@")
_MACHINE = re.compile(
    r"""(?<![\w.])(?: \d{1,3}(?:\.\d{1,3}){3}(?::\d+)?   # 10.0.0.7, 10.0.0.7:27017
      | [a-z][\w.-]*:\d{4,5}(?!\w) )             # db.example:27017""",
    re.VERBOSE | re.IGNORECASE,
)


def get_logger(**initial: Any) -> Any:
    """Return a logger: `get_logger().info("what_happened", key=value)`."""
    return structlog.get_logger(**initial)


def configure(service: str, level: str | None = None) -> None:
    """Write JSON lines from `level` (default LOG_LEVEL, else info) up, those of the libraries too."""
    threshold = logging.getLevelNamesMapping()[(level or os.environ.get("LOG_LEVEL", "info")).upper()]

    def add_service(_logger: object, _method: str, event: EventDict) -> EventDict:
        return {"service": service, **event}

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        add_service,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, _without_texts, _without_machines, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_texts,
                _without_machines,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    # Libraries tell too much below warning, and nameko's debug lines name the arguments of calls.
    logging.basicConfig(handlers=[handler], level=max(threshold, logging.WARNING), force=True)


def bind(**values: Any) -> None:
    """Put these values on every line that this worker writes from now on."""
    structlog.contextvars.bind_contextvars(**values)


def unbind_all() -> None:
    """Forget what was bound: a thread of a pool starts its next request clean."""
    structlog.contextvars.clear_contextvars()


def _without_texts(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Return the line with `stack` for `exc_info`: of each exception the type and the places it passed."""
    given = event.pop("exc_info", None)
    if isinstance(given, tuple):
        given = given[1]
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    parts: list[str] = []
    while error is not None:
        kind = type(error)
        parts.append(
            f"{kind.__module__}.{kind.__qualname__}\n{''.join(traceback.format_tb(error.__traceback__))}"
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if parts:
        event["stack"] = "after\n".join(parts)
    return event


def _without_machines(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Return the line without the logins and machines that texts name: `amqp://user:word@broker:5672/`."""
    for key, value in event.items():
        if isinstance(value, str) and (":" in value or "." in value):
            event[key] = _MACHINE.sub("…", _LOGIN.sub("…@", value))
    return event
