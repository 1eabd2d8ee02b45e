"""E-mail addresses: which ones any mail server takes, how one is kept and how it travels.

A server without SMTPUTF8 takes ASCII alone. A domain has an ASCII form (IDNA), the part before the @ has
none, so an address with an accent there can't be written to, and is refused where it is entered. Quoted
parts, comments and addresses of bare machines are refused too: nobody has them, and they hide mistakes.
"""

import re
import unicodedata

import idna

ADDRESS_MAX = 254  # RFC 5321: a path of 256 with its brackets
LOCAL_MAX = 64  # RFC 5321, 4.5.3.1.1

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")


class NotAnAddress(ValueError):  # noqa: N818 - named for what the text is
    """The text is no address that can be written to; its words say why, without the address."""


def as_kept(text: str) -> str:
    """Return an address as it is kept and shown: trimmed, its domain in small letters, accents and all.

    Raises NotAnAddress.
    """
    local, domain = _parts(text)
    return f"{local}@{idna.decode(domain)}"


def as_sent(text: str) -> str:
    """Return an address as a mail server takes it, in ASCII: mairie-élan.example becomes an `xn--` name.

    Raises NotAnAddress.
    """
    local, domain = _parts(text)
    return f"{local}@{domain}"


def _parts(text: str) -> tuple[str, str]:
    """Return what stands before the @, and the domain in ASCII."""
    local, at, written = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    if not at or not local or "@" in local:
        raise NotAnAddress("An e-mail address has one @ and something before it, such as ana@mairie.example.")
    if not local.isascii():
        raise NotAnAddress("Before the @ stands an accent or another sign that many mail servers refuse.")
    if not _LOCAL.fullmatch(local):
        raise NotAnAddress("Before the @ stands a space, a stray dot or a sign that no address has.")
    domain = _ascii_domain(written)
    if len(local) > LOCAL_MAX or len(local) + 1 + len(domain) > ADDRESS_MAX:
        raise NotAnAddress(
            f"The address is longer than {ADDRESS_MAX} characters, or {LOCAL_MAX} before the @."
        )
    return local, domain


def _ascii_domain(written: str) -> str:
    try:
        domain = idna.encode(written, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        domain = ""
    labels = domain.split(".")
    # names of the highest level have two letters or more and begin with one, which IP addresses do not
    if len(labels) == 1 or len(labels[-1]) == 1 or not labels[-1][:1].isalpha():
        raise NotAnAddress("After the @ stands no name of a mail domain, such as mairie.example.")
    return domain
