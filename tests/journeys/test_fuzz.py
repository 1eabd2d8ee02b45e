"""Generated walks through the interface on real services: each step takes what the steps before it got.

What no schema can say is left to the tests of single requests (tests/gateway/api/test_fuzz.py): a cursor that
is none of the list's, a span of more than 62 days. Log-ins are left out: they would end the session that
walks.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.gateway.refusing import CONFIG

LEFT_OUT = "/sessions|/payment-callbacks"
WALKS = settings.default.max_examples // 5
STEPS = 6
ADDRESS_MAX = 8000  # beyond that gunicorn answers before the application does


@pytest.fixture
def walk(stack, family):
    """The state machine of the interface, walked by a family; counts its answers by status."""
    document = schemathesis.openapi.from_url(f"{stack.gateway_url}/api/v1/openapi.json", config=CONFIG)
    statuses: dict[int, int] = {}

    class Walk(document.exclude(path_regex=LEFT_OUT).as_state_machine()):  # type: ignore[misc]
        answers = statuses

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            del case
            return {"headers": {"Authorization": family.http.headers["Authorization"]}}

        def after_call(self, response: Any, case: Any) -> None:
            del case
            statuses[response.status_code] = statuses.get(response.status_code, 0) + 1

        def validate_response(
            self, response: Any, case: Any, additional_checks: Any = (), **options: Any
        ) -> None:
            if len(response.request.url) > ADDRESS_MAX:
                return
            case.validate_response(
                response,
                additional_checks=list(additional_checks),
                excluded_checks=[positive_data_acceptance],
                **options,
            )

    return Walk


def test_no_walk_meets_an_answer_that_the_specification_does_not_name(walk):
    bounds = settings(
        max_examples=WALKS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(walk, settings=bounds)
    assert walk.answers.get(200), "no step got anywhere"
    assert not [status for status in walk.answers if status >= 500]
