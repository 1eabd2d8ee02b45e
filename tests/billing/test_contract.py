"""What billing says and accepts, held against the examples that others read."""

from pathlib import Path

from billing import contract
from billing.service import Billing
from chassis.testing import golden

EXAMPLES = Path(contract.__file__).parents[3] / "contract" / "v1"


def test_every_message_has_an_example_that_its_schema_takes():
    assert golden.faults(EXAMPLES, Billing, contract.EVENTS) == []
