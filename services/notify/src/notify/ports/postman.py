"""The way out: one mail by SMTP, and what the mail server answered.

Which mail goes, and when, is not decided here.
"""

import smtplib
import ssl
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from eventlet import Timeout

from chassis.values.addresses import NotAnAddress, as_sent
from notify.ports.mail_server import MailServer, Tls
from notify.ports.mime import Mail, in_bytes
from notify.vocabulary import RefusalReason

NO_ANSWER = 0
OK, WILL_FORWARD = 250, 251
CLOSING = 421
FOR_GOOD = 500
NO_SUCH_ADDRESS = 553
GOODBYE_S = 1.0
WORDS_KEPT = 300


@dataclass(frozen=True, slots=True)
class Refusal:
    """A mail was not taken: why, the mail server's code (0 where it gave none) and its words."""

    reason: RefusalReason
    code: int
    words: str


class _Insecure(Exception):  # noqa: N818 - named for what the connection would be
    """The server offers no TLS where it must."""


class Postman(AbstractContextManager["Postman"]):
    """A conversation with the mail server, opened at the first mail and kept for the next ones.

    `timeout_s` bounds all that one mail may take, the opening included. `domain` ends the Message-IDs.
    """

    def __init__(self, server: MailServer, timeout_s: float, domain: str) -> None:
        self._at = server
        self._timeout_s = timeout_s
        self._domain = domain
        self._server: smtplib.SMTP | None = None
        self._handed_over = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException), Timeout(GOODBYE_S, False):
                self._server.quit()
        self._hang_up()

    def send(self, mail: Mail) -> Refusal | None:
        """Hand over a mail; None when the server took it."""
        try:
            to, letter = as_sent(mail.email), in_bytes(mail, self._domain)
        except NotAnAddress as error:
            return Refusal(RefusalReason.ADDRESS, NO_SUCH_ADDRESS, str(error))
        except (ValueError, LookupError) as error:
            return Refusal(RefusalReason.UNWRITABLE, NO_ANSWER, type(error).__name__)
        limit = Timeout(self._timeout_s)
        try:
            return self._send(as_sent(mail.sender.address), to, letter)
        except Timeout as over:
            if over is not limit:
                raise
            opened = self._server is not None
            self._hang_up()
            reason = RefusalReason.SILENT if opened else RefusalReason.AWAY
            return Refusal(reason, NO_ANSWER, f"no answer within {self._timeout_s:g} s")
        finally:
            limit.cancel()

    def _send(self, sender: str, to: str, letter: bytes) -> Refusal | None:
        """Send over the conversation in hand; a server that has had enough of it is called anew, once."""
        used = self._handed_over > 0
        refusal = self._open() or self._hand_over(sender, to, letter)
        if refusal is not None and refusal.reason is RefusalReason.AWAY and used:
            return self._open() or self._hand_over(sender, to, letter)
        return refusal

    def _open(self) -> Refusal | None:
        """Open the conversation if there is none; whatever prevents it would be met by any mail."""
        try:
            self._server = self._server or self._connect()
        except smtplib.SMTPAuthenticationError as error:
            return _refusal(RefusalReason.LOGIN, error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            return Refusal(RefusalReason.LOGIN, NO_ANSWER, str(error))
        except (ssl.SSLError, _Insecure) as error:
            return Refusal(RefusalReason.UNTRUSTED, NO_ANSWER, str(error)[:WORDS_KEPT])
        except smtplib.SMTPResponseException as error:
            return _refusal(RefusalReason.AWAY, error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            return Refusal(RefusalReason.AWAY, NO_ANSWER, type(error).__name__)
        return None

    def _connect(self) -> smtplib.SMTP:
        at = self._at
        if at.tls is Tls.FROM_THE_START:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                at.host, at.port, timeout=self._timeout_s, context=at.context
            )
        else:
            server = smtplib.SMTP(at.host, at.port, timeout=self._timeout_s)
        try:
            server.ehlo_or_helo_if_needed()
            if at.tls is not Tls.FROM_THE_START:
                self._secure(server)
            if at.user:
                server.login(at.user, at.password)
        except BaseException:  # also what ends the time it may take
            server.close()
            raise
        return server

    def _secure(self, server: smtplib.SMTP) -> None:
        """Change to TLS where the server offers it; in the clear nothing goes on that must not."""
        if server.has_extn("starttls"):
            server.starttls(context=self._at.context)
            server.ehlo_or_helo_if_needed()
        elif self._at.tls is Tls.INSISTED or self._at.user:
            raise _Insecure("the mail server does not offer STARTTLS")

    def _hand_over(self, sender: str, to: str, letter: bytes) -> Refusal | None:
        server, begun = self._server, False
        assert server is not None  # noqa: S101 - opened by whoever calls
        try:
            code, words = server.mail(sender)
            if code != OK:
                away = code == CLOSING
                return self._refused(RefusalReason.AWAY if away else RefusalReason.SENDER, code, words)
            begun = True
            code, words = server.rcpt(to)
            if code in (OK, WILL_FORWARD):
                code, words = server.data(letter)
        except smtplib.SMTPDataError as error:
            return self._refused(_by_code(error.smtp_code), error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            reason = RefusalReason.SILENT if begun else RefusalReason.AWAY
            return Refusal(reason, NO_ANSWER, type(error).__name__)
        if code in (OK, WILL_FORWARD):
            self._handed_over += 1
            return None
        return self._refused(_by_code(code), code, words)

    def _refused(self, reason: RefusalReason, code: int, words: bytes | str) -> Refusal:
        """Return a refusal of this mail alone, and make the conversation fit for the next."""
        try:
            fit = code != CLOSING and self._server is not None and self._server.rset()[0] == OK
        except (OSError, smtplib.SMTPException):
            fit = False
        if not fit:
            self._hang_up()
        return _refusal(reason, code, words)

    def _hang_up(self) -> None:
        server, self._server, self._handed_over = self._server, None, 0
        if server is not None:
            server.close()


def _by_code(code: int) -> RefusalReason:
    return RefusalReason.REFUSED if code >= FOR_GOOD else RefusalReason.BUSY


def _refusal(reason: RefusalReason, code: int, words: bytes | str) -> Refusal:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Refusal(reason, code, said[:WORDS_KEPT])
