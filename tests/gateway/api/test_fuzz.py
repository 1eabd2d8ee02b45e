"""Generated requests, good and bad, against the specification: no fault, no answer that it does not name."""

import json
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import GenerationMode

from gateway import session
from gateway.errors import Refused
from tests.gateway import samples
from tests.gateway.refusing import CONFIG

COMMITTED = json.loads((Path(__file__).parents[3] / "gateway" / "openapi.json").read_text(encoding="utf-8"))
CASES = settings.default.max_examples // 5
OPERATIONS = [
    found.ok() for found in schemathesis.openapi.from_dict(COMMITTED, config=CONFIG).get_all_operations()
]
TRIMMED = {"POST /api/v1/sessions"}
"""A login is measured without the blanks around it, which no schema can say either."""

PATHS = {operation.label: operation.label.partition(" ")[2] for operation in OPERATIONS}


def is_its_own(operation, case):
    """Say whether the address is none of another operation: "preferences" is no id, and has its own."""
    return case.formatted_path == PATHS[operation.label] or case.formatted_path not in PATHS.values()


def resolve_session(request):
    known = session.token_sha256(samples.TOKEN)
    return {"session": samples.SESSION} if request["token_sha256"] == known else Refused("session_expired")


def all_sent(query):
    """Say whether every field shows in the address: an empty one is not sent, however wrong."""
    return all(value not in (None, [], {}) for value in (query or {}).values())


def without_blanks_around(body):
    texts = [value for value in body.values() if isinstance(value, str)] if isinstance(body, dict) else []
    return all(text == text.strip() for text in texts)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_one_that_the_specification_names(operation, mode, app, bus):
    for route in samples.ROUTES:
        bus.answers(route.call, route.reply)
    bus.answers("identity.resolve_session", resolve_session)
    operation.schema.app = app  # which makes it call in this process, not over a socket

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        assume(all_sent(case.query))
        assume(is_its_own(operation, case))
        assume(operation.label not in TRIMMED or without_blanks_around(case.body))
        case.call_and_validate(
            app=app,
            headers={"Authorization": f"Bearer {samples.TOKEN}"},
        )

    ask()
