"""What an account is called, and what an import makes of the accounts that stand."""

import unicodedata
from dataclasses import replace

from identity.accounts.model import Account
from identity.memberships.rules import imported


def normalised_login(login: str) -> str:
    """Return the one form of a login: composed, without any white space, and without a difference of case."""
    return "".join(unicodedata.normalize("NFKC", login).casefold().split())


def imported_account(stored: Account, wanted: Account) -> Account:
    """Return the account as it stands after an import.

    What the file says replaces what stood, organisation by organisation; memberships elsewhere, the password
    and the known devices stay: a password in a file is only for an account that is new.
    """
    return replace(
        wanted,
        password_hash=stored.password_hash,
        known_devices=stored.known_devices,
        memberships=imported(stored.memberships, wanted.memberships),
    )
