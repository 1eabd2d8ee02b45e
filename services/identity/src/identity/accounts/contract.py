"""The line of a file that makes an account."""

from marshmallow import Schema, fields, validate

from chassis.values.tables import Parts
from chassis.values.text import Text
from identity.organisations.contract import LANGUAGES, NAME_MAX
from identity.vocabulary import Role

LOGIN_MAX = 254  # the longest e-mail address
ID_MAX = 64
ROLES = [role.value for role in Role]


class AccountRow(Schema):
    """A line of accounts.csv; several lines with one login give one account several memberships."""

    login = Text(max_length=LOGIN_MAX, required=True)
    password = fields.String(load_default=None)
    first_name = Text(max_length=NAME_MAX, required=True)
    last_name = Text(max_length=NAME_MAX, required=True)
    language = fields.String(load_default="fr", validate=validate.OneOf(LANGUAGES))
    organisation = Text(max_length=63, required=True)
    family_reference = Text(max_length=ID_MAX, load_default=None)
    guardian_reference = Text(max_length=ID_MAX, load_default=None)
    roles = Parts(max_length=20, load_default=list, validate=validate.ContainsOnly(ROLES))
    centre_references = Parts(max_length=ID_MAX, load_default=list)
