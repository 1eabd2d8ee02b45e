"""A small application of the gateway's for gunicorn, which answers without any service; see test_worker."""

import os
import time

from flask import Response, request

from gateway import app, clients, policy
from gateway.settings import Settings
from tests.gateway.fake_bus import FakeBus


def create_app():
    settings = Settings("http://127.0.0.1", "carteville", "", 2.0, 0, "a secret of this program")
    made = app.build(settings, clients.connect(FakeBus(), settings.rpc_timeout_s))

    @policy.anonymous
    def told():
        return Response(str(len(request.get_data())), mimetype="text/plain")

    @policy.anonymous
    def large():
        return Response(bytes(64 * 1024 * 1024))

    @policy.anonymous
    def slow():
        time.sleep(float(request.args["s"]))
        return Response(str(os.getpid()))

    made.add_url_rule("/told", view_func=told, methods=["POST"])
    made.add_url_rule("/large", view_func=large)
    made.add_url_rule("/slow", view_func=slow)
    return made
