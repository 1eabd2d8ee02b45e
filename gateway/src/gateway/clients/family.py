"""family: the family file, children, enrolments."""

from chassis.values.context import Context
from gateway.clients.language import Ask, Reply


class Family:
    """The file of the family in the context."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def get_family(self, context: Context) -> Reply:
        """Return {family: {id, reference, name, language, address_lines, phones, guardians, children}}."""
        return self._ask("get_family", context, {})

    def list_children(self, context: Context) -> Reply:
        """Return {data: [Child]}."""
        return self._ask("list_children", context, {})

    def list_enrolments(self, context: Context) -> Reply:
        """Return {data: [{id, child_id, activity_id, school_year, state}]}."""
        return self._ask("list_enrolments", context, {})
