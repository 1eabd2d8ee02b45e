# noqa: INP001 - gunicorn reads it by path
"""How gunicorn runs the gateway: threads with deadlines, each worker with connections of its own.

Start it with: gunicorn --config gunicorn.conf.py "gateway.app:create_app()"
"""

import os
import sys
from typing import Any

_memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - off the disk
if _metrics_port := os.environ.get("GATEWAY_METRICS_PORT"):
    # Read when prometheus_client is imported, which the next lines do.
    _folder = os.path.join(_memory or "/tmp", f"marelle-gateway-{os.geteuid()}-{_metrics_port}")  # noqa: PTH118, S108
    os.environ.update(PROMETHEUS_MULTIPROC_DIR=_folder)

from gateway import exposition, settings  # noqa: E402

try:
    settings.read()
except settings.ContradictionError as error:
    sys.exit(str(error))

bind = os.environ.get("GATEWAY_BIND", "127.0.0.1:8000")
worker_class = "gateway.worker.DeadlineWorker"
workers = int(os.environ.get("GATEWAY_WORKERS", "2"))
# Twice as many as one service may hold (GATEWAY_CALLS_OPEN and GATEWAY_CALLS_WAITING together): while it is
# slow others are answered, and who is too many is told so with a 503 instead of waiting unseen for a thread.
threads = int(os.environ.get("GATEWAY_THREADS", "64"))
# The application is made in each worker, after the fork: connections to the broker can't be shared.
preload_app = False
control_socket_disable = True
accesslog = None
loglevel = "warning"
graceful_timeout = 10
timeout = 15  # s without a sign of life from a worker
keepalive = 30  # longer than the front keeps a connection that is idle: it closes first
backlog = 512
sendfile = False  # an answer's deadline is kept where it is written
limit_request_line = 8190  # the application refuses earlier, in its own words
limit_request_fields = 60
limit_request_field_size = 8190
worker_tmp_dir = _memory  # heartbeats

_page = exposition.of_settings()
if _page is not None:

    def on_starting(_master: Any) -> None:
        """Make the folder into which workers write what they count."""
        _page.prepare()

    def when_ready(_master: Any) -> None:
        """Serve the metrics page, from the master."""
        _page.start()

    def post_fork(_master: Any, _worker: Any) -> None:
        """Leave the page's port to the master."""
        _page.leave()

    def child_exit(_master: Any, worker: Any) -> None:
        """Keep what a worker had counted."""
        _page.forget(worker.pid)

    def on_exit(_master: Any) -> None:
        """Leave nothing behind."""
        _page.end()
