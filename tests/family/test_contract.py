"""What family says and accepts, held against the examples that others read."""

from pathlib import Path

from chassis.testing import golden
from family import contract
from family.service import Family

EXAMPLES = Path(contract.__file__).parents[3] / "contract" / "v1"


def test_every_message_has_an_example_that_its_schema_takes():
    assert golden.faults(EXAMPLES, Family, contract.EVENTS) == []
