"""What an account is called, and what an import makes of the accounts that stand."""

import unicodedata
from dataclasses import replace

from identity.accounts.model import Account
from identity.memberships.rules import imported

INVISIBLE = "Cf"
"""Unicode's category of signs that nobody sees: of no width, soft hyphens, marks of direction."""
TYPED_ALIKE = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-"}
)
"""Signs that keyboards and text programs put in the place of the apostrophe and the hyphen."""


def normalised_login(login: str) -> str:
    """Return the one form of a login, however it was typed or pasted.

    It is composed, has no white space, no invisible sign and no difference of case, one kind of apostrophe
    and one of hyphen.
    """
    folded = former_login(login).translate(TYPED_ALIKE)
    return "".join(sign for sign in folded if unicodedata.category(sign) != INVISIBLE)


def former_login(login: str) -> str:
    """Return the form that the release before gave a login: some accounts may be kept under it."""
    return "".join(unicodedata.normalize("NFKC", login).casefold().split())


def imported_account(stored: Account, wanted: Account) -> Account:
    """Return the account as it stands after an import.

    What the file says replaces what stood, organisation by organisation; memberships elsewhere, the password,
    the language and the devices stay: a password or a language in a file is only for an account that is new.
    """
    return replace(
        wanted,
        password_hash=stored.password_hash,
        devices=stored.devices,
        language=stored.language,
        language_sequence=stored.language_sequence,
        memberships=imported(stored.memberships, wanted.memberships),
    )
