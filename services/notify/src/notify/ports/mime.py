"""A mail as it travels: its headers and parts, in bytes that are ASCII throughout.

Names and subjects are encoded here and not by the library's own headers: those read an encoded word in a
name, so that whoever calls themselves "=?utf-8?q?Mairie?=" would be shown to the reader as "Mairie".
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, formataddr
from typing import Self

from chassis.values.addresses import as_sent
from notify.vocabulary import Sender

LINE_MAX = 76
ENCODED_WORD = "=?"
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What would end a header's line, or has no place in it."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person. `id` also makes its Message-ID; `written_at` is the date that it bears."""

    id: str
    sender: Sender
    name: str
    email: str
    subject: str
    text: str
    html: str
    written_at: datetime


class _Encoded(str):
    """A header that travels as it stands here, where the library would read and write it anew."""

    __slots__ = ("name",)
    name: str

    @classmethod
    def of(cls, name: str, value: str) -> Self:
        header = cls(value)
        header.name = name
        return header

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the lines of the header; what was encoded has been folded already."""
        return f"{self.name}: {self}".replace("\n", policy.linesep) + policy.linesep


def in_bytes(mail: Mail, domain: str) -> bytes:
    """Return the mail as it travels; every attempt has the same Message-ID, so mailboxes can tell.

    `domain` is the right-hand side of the Message-ID. Raises NotAnAddress.
    """
    letter = EmailMessage(policy=SMTP)
    letter["From"] = _person("From", mail.sender.name, mail.sender.address)
    letter["To"] = _person("To", mail.name, mail.email)
    if mail.sender.reply_to:
        letter["Reply-To"] = _person("Reply-To", mail.sender.name, mail.sender.reply_to)
    letter["Subject"] = _Encoded.of("Subject", _words("Subject", mail.subject))
    letter["Date"] = format_datetime(mail.written_at)
    letter["Message-ID"] = f"<{mail.id}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Marelle-Dedupe-Key"] = mail.id
    # not every server takes eight bits
    letter.set_content(mail.text, cte="quoted-printable")
    letter.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return letter.as_bytes()


def _person(header: str, name: str, email: str) -> _Encoded:
    address, shown = as_sent(email), _words(header, name)
    if shown.isascii() and ENCODED_WORD not in shown:
        return _Encoded.of(header, formataddr((shown, address)))
    return _Encoded.of(header, f"{shown} <{address}>")


def _words(header: str, text: str) -> str:
    """Return a text of people in a header: encoded where it is no ASCII, or looks encoded."""
    line = BREAKS.sub(" ", text)
    if line.isascii() and ENCODED_WORD not in line:
        return line
    return Header(line, "utf-8", header_name=header, maxlinelen=LINE_MAX).encode()
