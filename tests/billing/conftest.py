"""A store on a database of its own, the town's prices in it, and a service that runs on both."""

from types import SimpleNamespace

import pytest

from billing.commands.store import Store
from tests.billing.town import CANTEEN, LEISURE, LUNCH, ORGANISATION, SUNDRY, WALLET, tariff


@pytest.fixture
def store(mongo_database):
    Store.ensure_indexes(mongo_database)
    return Store(mongo_database)


@pytest.fixture
def town(store):
    """The store with the town's cash offices, wallets and tariffs."""
    for office in (LEISURE, CANTEEN):
        store.configuration.put_office(ORGANISATION, office)
    for wallet in (WALLET, LUNCH, SUNDRY):
        store.configuration.put_wallet(ORGANISATION, wallet)
    for each in (tariff(500), tariff(300, activity="lunch"), tariff(200, activity="care")):
        store.configuration.put_tariff(ORGANISATION, each)
    return store


@pytest.fixture
def books(store):
    """What the invariants say of the store: an empty list when all hold."""

    def check():
        from billing.commands.__main__ import check as checked  # noqa: PLC0415 - after the patch

        return checked(store)

    return SimpleNamespace(check=check)
