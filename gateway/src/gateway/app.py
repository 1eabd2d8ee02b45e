"""The gateway, wired. Read this first: what is made once per process, and in which order a request meets it.

edge (id, limits) → policy (session) → a view of api/ or portal/ → clients → the bus; errors turns what goes
wrong into an answer on the way back. pages/ is what the pages of portal/ share.
"""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from chassis.running import log
from chassis.running.settings import MissingSettingError, secret
from chassis.values.context import Signer
from chassis.wire.rpc import RpcPool
from gateway import (
    api,
    clients,
    edge,
    errors,
    health,
    metrics,
    organisations,
    policy,
    portal,
    session,
    settings,
)
from gateway.pages import frame
from gateway.portal import developers
from gateway.portal.planning import prices
from gateway.settings import Settings


def create_app() -> Flask:
    """Return the application of one worker process, as the environment says; gunicorn asks after its fork."""
    log.configure("gateway")
    read = settings.read()
    if not read.cookie_secret:
        raise MissingSettingError("GATEWAY_COOKIE_SECRET")
    amqp_uri = secret("AMQP_URI")
    signer = Signer.from_directory(secret("KEYS_DIR"), session.ISSUER)
    pool = RpcPool(amqp_uri, signer, read.calls)
    app = build(read, clients.connect(pool, read.rpc_timeout_s))
    app.extensions["ready"] = health.broker_probe(amqp_uri)
    return app


def build(read: Settings, services: clients.Clients) -> Flask:
    """Return the application around the given clients; tests pass clients of their own."""
    app = Flask("gateway", static_folder=None)
    app.secret_key = read.cookie_secret
    app.extensions.update(
        settings=read,
        clients=services,
        sessions=session.new_cache(),
        organisations=organisations.new_cache(),
        prices=prices.new_cache(),
        ready=lambda: True,
    )
    metrics.install(app)
    errors.install(app)
    edge.install(app, read)
    app.register_blueprint(health.blueprint)
    api.install(app)
    frame.install(app)
    if read.developers:
        app.register_blueprint(developers.blueprint)
    app.register_blueprint(portal.blueprint)
    policy.install(app)
    if read.proxies_count:
        hops = read.proxies_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app
