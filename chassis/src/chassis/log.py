"""Log lines: one JSON object each, on standard output, with the request id they belong to.

What is bound here follows a worker (a thread or a greenlet), never the process. No personal data in any line.
"""

import logging
import os
import sys
from typing import Any

import structlog


def get_logger(**initial: Any) -> Any:
    """A logger: `get_logger().info("what_happened", key=value)`."""
    return structlog.get_logger(**initial)


def configure(service: str, level: str | None = None) -> None:
    """Write JSON lines from `level` (default LOG_LEVEL, else info) up, those of the libraries too."""
    threshold = logging.getLevelNamesMapping()[(level or os.environ.get("LOG_LEVEL", "info")).upper()]

    def add_service(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        return {"service": service, **event}

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        add_service,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
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
                structlog.processors.format_exc_info,
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
