"""The family file, its children and their enrolments."""

from marshmallow import Schema, fields, validate

from gateway import clients, session
from gateway.api.fields import Bool, Day, Id, ListOf, One, Str, each
from gateway.api.operation import Resource
from gateway.clients import family

blueprint = Resource("families", __name__, description="The family file")


class Guardian(Schema):
    """A legal guardian."""

    id = Id()
    first_name = Str()
    last_name = Str()
    email = Str(allow_none=True)
    phone = Str(allow_none=True)


class Child(Schema):
    """A child of the family; `shared` when another family has the child too."""

    id = Id()
    first_name = Str()
    last_name = Str()
    birth_on = Day()
    school = Str(allow_none=True)
    school_class = Str(allow_none=True)
    shared = Bool()


class FamilyFile(Schema):
    """The family file."""

    id = Id()
    reference = Str()
    name = Str()
    language = Str()
    address_lines = ListOf(fields.String())
    phones = ListOf(fields.String())
    guardians = each(Guardian)
    children = each(Child)


class FamilyAnswer(Schema):
    """One family."""

    family = One(FamilyFile)


class Children(Schema):
    """All children of the family."""

    data = each(Child)


class Enrolment(Schema):
    """A child's enrolment in an activity for a school year such as 2026-2027."""

    id = Id()
    child_id = Id()
    activity_id = Id()
    school_year = Str()
    state = Str(validate=validate.OneOf(["requested", "accepted", "refused"]))


class Enrolments(Schema):
    """All enrolments of the family's children."""

    data = each(Enrolment)


@blueprint.operation("GET", "/families/me", policy="family", returns=FamilyAnswer, refuses=("not_found",))
def get_family() -> dict[str, family.FamilyFile]:
    """Show the family of the session."""
    return {"family": clients.current().family.get_family(session.context())}


@blueprint.operation("GET", "/children", policy="person", returns=Children)
def list_children() -> dict[str, tuple[family.Child, ...]]:
    """List the family's children."""
    return {"data": clients.current().family.list_children(session.context())}


@blueprint.operation("GET", "/enrolments", policy="person", returns=Enrolments)
def list_enrolments() -> dict[str, tuple[family.Enrolment, ...]]:
    """List the enrolments of the family's children."""
    return {"data": clients.current().family.list_enrolments(session.context())}
