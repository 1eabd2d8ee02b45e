"""What a password may be. The rule and its reasons are in docs/rules/passwords.md; hashing is in ports."""

import unicodedata

LENGTH_MIN = 12
LENGTH_MAX = 128


def composed(password: str) -> str:
    """Return the form whose characters count, which is also the one that is hashed."""
    return unicodedata.normalize("NFC", password)


def password_faults(password: str, login: str) -> list[str]:
    """Say why a new password can't be taken; an empty list when it can."""
    faults = []
    if not LENGTH_MIN <= len(composed(password)) <= LENGTH_MAX:
        faults.append(f"A password has {LENGTH_MIN} to {LENGTH_MAX} characters.")
    if login and login in composed(password).casefold():
        faults.append("A password does not contain the login.")
    return faults
