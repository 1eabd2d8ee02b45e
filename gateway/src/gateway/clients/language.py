"""The types that every client shares."""

from collections.abc import Callable
from typing import Any

from chassis.values.context import Context

Reply = dict[str, Any]
Ask = Callable[[str, Context, dict[str, Any]], Reply]


def given(**values: object) -> dict[str, Any]:
    """Return the values that were given: an absent filter is absent from the request too."""
    return {name: value for name, value in values.items() if value is not None}
