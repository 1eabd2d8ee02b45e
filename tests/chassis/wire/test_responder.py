"""What is said of the connection that replies travel on, when it ends."""

import pytest
from structlog.testing import capture_logs

from chassis.wire.responder import Responder


class Ending:
    """A connection that ends while it is listened to, after `meanwhile`."""

    def __init__(self, meanwhile):
        self.meanwhile = meanwhile
        self.collected = False

    def drain_events(self, timeout):
        self.meanwhile()
        raise EOFError(timeout)

    def collect(self):
        self.collected = True


def nothing():
    """Let the broker be the one who ends it."""


@pytest.mark.parametrize(
    ("stops", "said"), [(False, ["reply_connection_lost"]), (True, [])], ids=["the broker", "the service"]
)
def test_a_lost_connection_is_told_unless_the_service_closed_it_itself(stops, said):
    responder = Responder()
    connection = responder._connection = Ending(responder.stop if stops else nothing)
    with capture_logs() as lines:
        responder._listen(connection)
    assert [line["event"] for line in lines] == said
    assert connection.collected
    assert responder._connection is None
