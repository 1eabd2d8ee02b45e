"""What counts as told no longer: the control of the comparison in test_an_older_database."""

import pytest

from tests.releases.asked import no_longer_told

TOLD = {
    "data": [{"id": "a", "state": "held", "cost": None}, {"id": "b", "state": "accepted", "cost": "3.50"}]
}


@pytest.mark.parametrize(
    "now",
    [
        TOLD,
        {**TOLD, "next_cursor": None},
        {"data": [{**each, "version": 1} for each in TOLD["data"]]},
    ],
    ids=["the same", "another key", "another key in each"],
)
def test_what_is_told_beside_it_is_no_matter(now):
    assert list(no_longer_told(TOLD, now)) == []


@pytest.mark.parametrize(
    ("now", "where"),
    [
        ({}, [".data"]),
        ({"data": TOLD["data"][:1]}, [".data"]),
        ({"data": TOLD["data"][::-1]}, [".data[0].id", ".data[0].state", ".data[0].cost"]),
        ({"data": [{"id": "a", "state": "held"}, TOLD["data"][1]]}, [".data[0].cost"]),
        ({"data": [{**TOLD["data"][0], "state": "expired"}, TOLD["data"][1]]}, [".data[0].state"]),
    ],
    ids=["nothing", "fewer", "in another order", "without a key", "another state"],
)
def test_whatever_else_is_told_is_named(now, where):
    found = [each.partition(":")[0] for each in no_longer_told(TOLD, now)]
    assert found[: len(where)] == where
