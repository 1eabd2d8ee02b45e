import pytest

from chassis.wire import topology


@pytest.fixture
def short_delays(monkeypatch):
    """Wait queues of the shortest delay for every attempt."""
    monkeypatch.setattr(topology, "RETRY_DELAYS_S", (1, 1))
