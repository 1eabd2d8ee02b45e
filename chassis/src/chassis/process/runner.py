"""Running one service as a process: `python -m chassis.process.runner booking.service:Booking`.

Exits with 1 when the broker, the database or a queue is absent at the start, for a supervisor to try again,
and with 0 on SIGTERM or SIGINT: no more messages are taken, what is in work is finished within 10 s, the rest
stays in its queues.
"""

import os

os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")

import eventlet

eventlet.monkey_patch()

# Everything that opens sockets or locks is imported after the patch.
import importlib  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from eventlet.event import Event  # noqa: E402

from chassis.process.container import Container  # noqa: E402
from chassis.process.health import HealthServer  # noqa: E402
from chassis.running import log, settings  # noqa: E402

GRACE_S = 10.0

_log = log.get_logger()


def load(path: str) -> type:
    """Return the class that `module:Class` names."""
    module, _, name = path.partition(":")
    service_class: type = getattr(importlib.import_module(module), name)
    return service_class


class Runner:
    """One container, its health server, and the signals that end them."""

    def __init__(self, service_class: type, config: dict[str, Any]) -> None:
        self.container = Container(service_class, config)
        self._health = HealthServer(self.container)
        self._ended = Event()

    def run(self) -> int:
        """Run until a signal or a failure, and return the process's exit status."""
        # A handler may not wait, and a second signal must not interrupt the first one's work.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: eventlet.spawn_n(self._end, 0))
        try:
            self.container.start()
        except Exception as error:  # noqa: BLE001 - whatever is missing, the supervisor tries again
            _log.exception("start_failed", reason=str(error))
            return 1
        eventlet.spawn_n(self._watch)
        self._health.start()
        _log.info("started")
        status: int = self._ended.wait()
        if status == 0:
            self._stop()
        self._health.stop()
        return status

    def _watch(self) -> None:
        """End the process when the container dies by itself; the supervisor starts a fresh one."""
        try:
            self.container.wait()
        except Exception:  # noqa: BLE001 - any death of the container
            _log.exception("container_died")
            self._end(1)

    def _end(self, status: int) -> None:
        if not self._ended.ready():
            self._ended.send(status)

    def _stop(self) -> None:
        _log.info("stopping")
        self._health.drain()
        grace = eventlet.Timeout(GRACE_S)
        try:
            self.container.stop()
        except eventlet.Timeout:
            _log.warning("stopped_with_work_in_hand")
        else:
            _log.info("stopped")
        finally:
            grace.cancel()


def main(arguments: list[str]) -> int:
    """Run the service that the one argument names and return the process's exit status."""
    if len(arguments) != 1 or ":" not in arguments[0]:
        sys.stderr.write("usage: python -m chassis.process.runner MODULE:CLASS\n")
        return 2
    service_class = load(arguments[0])
    name: str = service_class.name  # type: ignore[attr-defined]
    log.configure(name)
    return Runner(service_class, settings.service_config(name)).run()


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    # Workers that outlived their grace must not keep the process; their messages go back to the queues.
    os._exit(status)
