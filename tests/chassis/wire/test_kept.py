"""A connection that is kept for questions: what was closed meanwhile is made anew, once."""

import pytest

from chassis.wire.kept import KeptConnection

pytestmark = pytest.mark.pure


class Open:
    """A connection that was made before."""

    def __init__(self):
        self.collected = False

    def collect(self):
        self.collected = True


def asking(faults):
    waiting = list(faults)

    def question():
        if waiting:
            raise waiting.pop(0)
        return "answered"

    return question


@pytest.mark.parametrize(
    ("known", "faults", "answered"),
    [
        (True, [], True),
        (True, [ConnectionResetError()], True),
        (True, [ConnectionResetError(), ConnectionRefusedError()], False),
        (True, [TimeoutError()], False),
        (False, [ConnectionRefusedError()], False),
    ],
    ids=["open", "closed meanwhile", "closed and away", "frozen", "away"],
)
def test_a_connection_that_was_closed_while_nobody_asked_says_nothing_about_now(known, faults, answered):
    kept, before = KeptConnection("amqp://127.0.0.1:1/", name="lamps probes", answer_max_s=1.0), Open()
    kept._connection = before if known else None
    if answered:
        assert kept.ask(asking(faults)) == "answered"
    else:
        with pytest.raises(type(faults[-1])):
            kept.ask(asking(faults))
    assert before.collected is (known and bool(faults))
