"""The payment provider is slow, and hints come by the hundred: whoever wants something else is answered.

The long form, at 200 hints a second, is a stage of `make long`: tests/loads/hints.py.
"""

import pytest

from tests.journeys.people import Refused
from tests.loads import hints


def test_hints_while_the_provider_is_slow_keep_nobody_else_from_being_answered(stack, households):
    opened = hints.payers(stack, households, 6)
    person, order = hints.debtor(stack, households)
    with hints.slow_provider(stack):
        outcome = hints.flood(stack, opened, rate=40, lasts_s=5)
        with pytest.raises(Refused) as refused:
            person.start_payment(order)
    assert outcome.findings() == []
    assert outcome.hints.total() == 200
    assert sum(outcome.look_ups.values()) >= len(opened)
    assert (refused.value.status, refused.value.code) == (503, "provider_unavailable")
