"""The mails that were caught, in memory, newest first, with a limit on their number."""

import itertools
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

KEPT_MAX = 10_000


@dataclass(frozen=True)
class Mail:
    """One mail as the person gets it. `sender` and `to` are those of the envelope."""

    id: int
    sender: str
    to: tuple[str, ...]
    received_at: datetime
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]


class Mailbox:
    """All mails of all people. Safe to use from several threads."""

    def __init__(self, kept_max: int = KEPT_MAX) -> None:
        self._mails: deque[Mail] = deque(maxlen=kept_max)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def keep(self, sender: str, to: list[str], content: bytes) -> Mail:
        """Keep a mail as it came over SMTP."""
        message = BytesParser(policy=policy.default).parsebytes(content)
        with self._lock:
            mail = Mail(
                id=next(self._numbers),
                sender=sender,
                to=tuple(to),
                received_at=datetime.now(UTC),
                subject=str(message.get("Subject", "")),
                text=_part(message, "plain"),
                html=_part(message, "html"),
                headers=tuple((name, str(value)) for name, value in message.items()),
            )
            self._mails.appendleft(mail)
        return mail

    def newest_first(self, to: str = "") -> list[Mail]:
        """Return all mails, or those to one address, whatever its case."""
        with self._lock:
            mails = list(self._mails)
        wanted = to.casefold()
        return [mail for mail in mails if not wanted or wanted in {address.casefold() for address in mail.to}]

    def find(self, mail_id: int) -> Mail | None:
        """Return one mail, or None."""
        return next((mail for mail in self.newest_first() if mail.id == mail_id), None)

    def clear(self) -> None:
        """Forget all mails; numbers go on."""
        with self._lock:
            self._mails.clear()


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body else ""
