import pytest

from chassis.testing import Caller, running
from chassis.testing.keys import signer
from tests.chassis.echoing import Echo


@pytest.fixture(autouse=True)
def nothing_done():
    Echo.done.clear()


@pytest.fixture
def echo(broker):
    signer("stranger")  # known, and accepted nowhere
    with running(Echo) as container:
        yield container


@pytest.fixture
def caller(broker):
    with Caller() as one:
        yield one
