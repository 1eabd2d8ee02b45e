"""The stores of billing on a database of their own, the town's prices, and a service that runs on both."""

from types import SimpleNamespace

import pytest

from billing.commands.store import STORES, check
from chassis.storage.mongo import Stores
from tests.billing.asking import running_billing
from tests.billing.house import house, noun_of
from tests.billing.simulator import simulating
from tests.billing.town import CANTEEN, LEISURE, LUNCH, SCOPE, SUNDRY, WALLET, tariff


@pytest.fixture
def store(mongo_database):
    """The database with every store on it, by noun: `store.settlements`, `store.credit_notes`…"""
    stores = Stores(STORES)
    stores.ensure_indexes(mongo_database)
    nouns = {noun_of(kind): each for kind, each in stores(mongo_database).items()}
    return SimpleNamespace(database=mongo_database, **nouns)


@pytest.fixture
def town(store):
    """The stores with the town's cash offices, wallets and tariffs."""
    for office in (LEISURE, CANTEEN):
        store.offices.put(SCOPE, office)
    for wallet in (WALLET, LUNCH, SUNDRY):
        store.wallets.put(SCOPE, wallet)
    for each in (tariff(500), tariff(300, activity="lunch"), tariff(200, activity="care")):
        store.tariffs.put(SCOPE, each)
    return store


@pytest.fixture
def books(store):
    """What the invariants say of the stores: an empty list when all hold."""
    return SimpleNamespace(check=lambda: check(store.database))


@pytest.fixture(scope="session")
def simulator():
    with simulating() as running_simulator:
        yield running_simulator


@pytest.fixture
def billing(broker, town, books, simulator):
    """The running service: `ask` as booking, `ana` as a person, `hear` for events, its clock and stores."""
    with running_billing(broker, town, books, simulator) as asked:
        yield asked


@pytest.fixture
def fakes():
    """A billing whose stores and provider are in memory."""
    return house()
