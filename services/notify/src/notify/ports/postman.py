"""The way out: one mail by SMTP, and what the mail server answered.

Which mail goes, and when, is not decided here.
"""

import smtplib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

NO_ANSWER = 0
NO_SUCH_ADDRESS = 553
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person. `id` also makes its Message-ID; `written_at` is the date that it bears."""

    id: str
    name: str
    email: str
    subject: str
    text: str
    html: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """The mail server did not take a message: its code (0 where it gave none) and its words."""

    code: int
    words: str


class Postman(AbstractContextManager["Postman"]):
    """A conversation with the mail server, opened at the first message and kept for the next ones.

    `url` names the server (smtp:// or smtps://, user and password in it), `sender` who writes.
    """

    def __init__(self, url: str, timeout_s: float, sender: str) -> None:
        self._url = url
        self._timeout_s = timeout_s
        self._sender = sender
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, mail: Mail) -> Refusal | None:
        """Hand over a mail; None when the server took it."""
        try:
            letter = as_it_travels(mail, self._sender)
        except (ValueError, HeaderParseError):
            return Refusal(NO_SUCH_ADDRESS, "this is not a mail address")
        try:
            if self._server is None:
                self._server = self._connect()
            self._server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            return Refusal(code, words.decode(errors="replace"))
        except smtplib.SMTPResponseException as error:
            self._hang_up()
            return Refusal(error.smtp_code, str(error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            return Refusal(NO_ANSWER, type(error).__name__)
        return None

    def _connect(self) -> smtplib.SMTP:
        url = urlsplit(self._url)
        kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
        port = url.port or DEFAULT_PORTS[url.scheme]
        server = kind(url.hostname or "", port, timeout=self._timeout_s)
        if url.username:
            if url.scheme == "smtp":
                server.starttls()
            server.login(unquote(url.username), unquote(url.password or ""))
        return server

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


def as_it_travels(mail: Mail, sender: str) -> EmailMessage:
    """Return the mail as it travels; every attempt has the same Message-ID, so mailboxes can tell."""
    user, _, domain = mail.email.rpartition("@")
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = Address(mail.name, user, domain)
    letter["Subject"] = mail.subject
    letter["Date"] = format_datetime(mail.written_at)
    letter["Message-ID"] = f"<{mail.id}@{_domain(sender)}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Marelle-Dedupe-Key"] = mail.id
    letter.set_content(mail.text)
    letter.add_alternative(mail.html, subtype="html")
    return letter


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]
