"""family: the family file, children, enrolments."""

from dataclasses import dataclass

from chassis.values.context import Context
from gateway.clients.asking import Ask, read, read_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """A legal guardian."""

    id: str
    first_name: str
    last_name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child of the family; `shared` when another family has the child too."""

    id: str
    first_name: str
    last_name: str
    birth_on: str
    school: str | None = None
    school_class: str | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyFile:
    """The family file."""

    id: str
    reference: str
    name: str
    language: str
    address_lines: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    guardians: tuple[Guardian, ...] = ()
    children: tuple[Child, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A child's enrolment in an activity for a school year such as 2026-2027."""

    id: str
    child_id: str
    activity_id: str
    school_year: str
    state: str


class FamilyClient:
    """The file of the family in the context."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def get_family(self, context: Context) -> FamilyFile:
        """Return the family file; refused not_found."""
        return read(FamilyFile, self._ask("get_family", context, {})["family"])

    def list_children(self, context: Context) -> tuple[Child, ...]:
        """Return the family's children."""
        return read_each(Child, self._ask("list_children", context, {})["data"])

    def list_enrolments(self, context: Context) -> tuple[Enrolment, ...]:
        """Return the enrolments of the family's children."""
        return read_each(Enrolment, self._ask("list_enrolments", context, {})["data"])
