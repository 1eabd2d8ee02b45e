import pytest

from chassis import topology
from deploy.rabbitmq import generate


@pytest.fixture(scope="session")
def topology_definitions() -> topology.Definitions:
    return generate.generate()
