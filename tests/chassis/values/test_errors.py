import json

import pytest

from chassis.doors.rpc import field_errors
from chassis.values.errors import Failed, Refused, Unavailable, from_wire


@pytest.mark.parametrize(
    "refusal",
    [
        Refused("full"),
        Refused("malformed", "why", [{"pointer": "/a/0", "messages": ["x", "y"]}]),
        Refused("too_many_attempts", retry_after_s=7),
    ],
    ids=str,
)
def test_a_refusal_survives_the_wire_equal(refusal):
    back = from_wire(json.loads(json.dumps(refusal.to_wire())))
    assert back == refusal
    assert hash(back) == hash(refusal)


def test_refusals_with_different_codes_or_places_differ():
    assert Refused("full") != Refused("age")
    assert Refused("full") != Refused("full", errors=[{"pointer": "/a", "messages": ["x"]}])
    assert Refused("full") != Failed("full")


def test_an_absence_survives_the_wire_with_its_reason_and_patience():
    back = from_wire(json.loads(json.dumps(Unavailable("database", "x", retry_after_s=5).to_wire())))
    assert isinstance(back, Unavailable)
    assert (back.reason, back.detail, back.retry_after_s) == ("database", "x", 5)


@pytest.mark.parametrize("error", [{}, {"type": "surprise"}, {"type": "failed"}])
def test_an_error_that_nobody_knows_is_a_failure(error):
    assert isinstance(from_wire(error), Failed)


@pytest.mark.parametrize(
    ("messages", "pointers"),
    [
        ({"day": ["x"]}, ["/day"]),
        ({"lines": {0: {"day": ["x"], "a/b~c": ["y"]}}}, ["/lines/0/day", "/lines/0/a~1b~0c"]),
        ({"_schema": ["x"]}, [""]),
        ({"line": {"_schema": ["x"]}}, ["/line"]),
        ("x", [""]),
    ],
    ids=repr,
)
def test_wrong_places_are_pointed_at(messages, pointers):
    assert [error["pointer"] for error in field_errors(messages)] == pointers
