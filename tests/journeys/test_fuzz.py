"""What nobody would ask, generated, on real services: as a family and as nobody; `fuzzing` asks for longer.

Log-ins are left out: wrong ones would lock out everybody who comes from this machine.
"""

import pytest

from tests.journeys.fuzzing import LOGGING_IN, fuzz

SECONDS = 20


@pytest.mark.parametrize("who", ["a family", "nobody"])
def test_no_answer_is_a_fault_or_one_that_the_specification_does_not_name(stack, households, who, tmp_path):
    login = next(households).guardians[0].email if who == "a family" else None
    report = fuzz(stack.gateway_url, login, SECONDS, tmp_path, left_out=[LOGGING_IN])
    assert report.found == 0, f"{report.failures}\n{report.text}"
    assert report.operations > 0
