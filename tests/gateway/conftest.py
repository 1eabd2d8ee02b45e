"""The gateway with a fake of the bus: what services would answer is written down by each test."""

import pytest

from gateway import app as gateway_app
from gateway import clients, organisations, session
from gateway.portal.planning import prices
from gateway.settings import Settings
from tests.gateway import samples
from tests.gateway.fake_bus import FakeBus
from tests.gateway.portal.town import PARK, WEDNESDAY, ZOE, FakeServices, StoppedClock


@pytest.fixture(scope="session")
def settings():
    return Settings(
        public_url="http://portal.example",
        organisation_slug="carteville",
        payment_host="http://pay.example",
        rpc_timeout_s=2.0,
        proxies_count=0,
        cookie_secret="a secret of these tests",
        hosts=("localhost",),
        developers=True,
    )


@pytest.fixture
def bus():
    found = FakeBus()
    found.answers("identity.resolve_session", {"session": samples.SESSION})
    found.answers("identity.get_organisation", {"organisation": samples.ORGANISATION})
    return found


@pytest.fixture(scope="session")
def wired(settings):
    """The application, wired once: each test gives it a bus and empty caches."""
    return gateway_app.build(settings, clients.connect(FakeBus(), settings.rpc_timeout_s))


@pytest.fixture
def app(wired, settings, bus):
    wired.extensions.update(
        clients=clients.connect(bus, settings.rpc_timeout_s),
        sessions=session.new_cache(),
        organisations=organisations.new_cache(),
        prices=prices.new_cache(),
        ready=lambda: True,
    )
    wired.extensions.pop("error_page", None)
    return wired


@pytest.fixture
def visitor(app):
    return app.test_client()


@pytest.fixture
def family(app):
    """A client that sends the family's token with every request."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {samples.TOKEN}"
    return client


@pytest.fixture(scope="session")
def portal(settings):
    """The application with a small town behind its pages."""
    return gateway_app.build(settings, clients.connect(FakeServices(), settings.rpc_timeout_s))


@pytest.fixture
def town(portal, settings):
    found = FakeServices()
    portal.extensions.update(
        clients=clients.connect(found, settings.rpc_timeout_s),
        sessions=session.new_cache(),
        organisations=organisations.new_cache(),
        prices=prices.new_cache(),
        clock=StoppedClock(),
    )
    return found


@pytest.fixture
def stranger(portal, town):
    return portal.test_client()


@pytest.fixture
def parent(portal, town):
    """A browser that is logged in and has chosen one day."""
    client = portal.test_client()
    client.set_cookie("session", samples.TOKEN)
    town.movements = [{**samples.MOVEMENT, "child_id": ZOE, "activity_id": WEDNESDAY, "centre_id": PARK}]
    return client
