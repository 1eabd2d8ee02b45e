"""The language that a person chooses, and the line of a file that makes an account."""

from dataclasses import dataclass

from marshmallow import Schema, ValidationError, fields, validate

from chassis.storage.outbox import EventType
from chassis.values.addresses import NotAnAddress, as_kept
from chassis.values.fields import written
from chassis.values.requests import RequestSchema
from chassis.values.tables import cells
from chassis.values.text import Text
from identity.organisations.contract import LANGUAGES, NAME_MAX
from identity.vocabulary import Role

LOGIN_MAX = 254  # the longest e-mail address
ID_MAX = 64
PASSWORD_MAX = 1000  # of what is read; which length is good is said by the rules of passwords
ROLES = [role.value for role in Role]


def _can_be_written_to(login: str) -> None:
    """Refuse a login that is an e-mail address to which no link could be sent; others are issued."""
    if "@" not in login:
        return
    try:
        as_kept(login)
    except NotAnAddress as why:
        raise ValidationError(str(why)) from None


class AccountRow(Schema):
    """A line of accounts.csv; several lines with one login give one account several memberships."""

    login = cells.Reference(required=True, max_length=LOGIN_MAX, hidden=False, validate=_can_be_written_to)
    password = Text(max_length=PASSWORD_MAX, trim=False, load_default=None)
    first_name = written(longest=NAME_MAX)
    last_name = written(longest=NAME_MAX)
    language = cells.Choice(LANGUAGES, default="fr")
    organisation = cells.reference(longest=63)
    family_reference = cells.reference(longest=ID_MAX, required=False)
    guardian_reference = cells.reference(longest=ID_MAX, required=False)
    roles = cells.Parts(cells.Choice(ROLES), required=False)
    centre_references = cells.Parts(cells.reference(), required=False)


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Ask to be spoken and written to in a language."""

    language: str


class ChooseLanguageRequest(RequestSchema):
    """`choose_language`."""

    into = ChooseLanguage

    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


class LanguageChosen(Schema):
    """In which language a guardian reads; the sequence counts how often they chose."""

    guardian_id = fields.String(required=True)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


EVENTS = {"language_chosen": EventType(schema=LanguageChosen, version=1, subscribers=("notify",))}
