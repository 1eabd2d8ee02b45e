# noqa: INP001 - gunicorn reads it by path
"""How gunicorn runs the gateway: threads with deadlines, each worker with connections of its own.

Start it with: gunicorn --config gunicorn.conf.py "gateway.app:create_app()"
"""

import os
import sys

from gateway import settings

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
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - heartbeats, off the disk
