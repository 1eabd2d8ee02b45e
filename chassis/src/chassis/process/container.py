"""The container of a service: nameko's, with a leaner worker and the request id on its log lines.

nameko formats its debug lines and an id of its own for every call whether anybody reads them or not, and logs
a refusal as an error with a stack.
"""

import sys
from collections.abc import Callable
from typing import Any

from nameko.containers import ServiceContainer, WorkerContext

from chassis.running import log

_log = log.get_logger()


class Container(ServiceContainer):
    """Runs one service.

    An entrypoint passes `context_data={"request_id": …}` to `spawn_worker`; the worker's lines carry all of
    it. Its `before_work(worker_ctx)`, if it has one, runs first and counts as the method's own. What a method
    raises is logged with its stack, unless the entrypoint says `answers_errors`.
    """

    def _run_worker(self, worker_ctx: WorkerContext, handle_result: Callable[..., Any] | None) -> None:
        log.bind(
            **{"request_id": "", **worker_ctx.data},
            door=f"{self.service_name}.{worker_ctx.entrypoint.method_name}",
        )
        self._inject_dependencies(worker_ctx)
        self._worker_setup(worker_ctx)
        result = exc_info = None
        try:
            if before_work := getattr(worker_ctx.entrypoint, "before_work", None):
                before_work(worker_ctx)
            method = getattr(worker_ctx.service, worker_ctx.entrypoint.method_name)
            result = method(*worker_ctx.args, **worker_ctx.kwargs)
        except Exception:  # noqa: BLE001 - whatever a method raises is the entrypoint's to answer
            exc_info = sys.exc_info()
            if not getattr(worker_ctx.entrypoint, "answers_errors", False):
                _log.exception("worker_failed")
        if handle_result is not None:
            result, exc_info = handle_result(worker_ctx, result, exc_info)
        self._worker_result(worker_ctx, result, exc_info)
        del exc_info
        self._worker_teardown(worker_ctx)
