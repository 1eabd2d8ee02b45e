"""Where the mail server is, and how safe the way to it must be."""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from urllib.parse import unquote, urlsplit


class Tls(StrEnum):
    """How safe the way must be, by the scheme of the server's URL. A certificate is always verified.

    INSISTED: no mail goes before STARTTLS. OFFERED: STARTTLS where it is offered, else in the clear, which
    whoever sits in between can bring about: for a catcher on the same machine.
    """

    FROM_THE_START = "smtps"
    INSISTED = "smtp"
    OFFERED = "smtp+plain"


PORTS = {Tls.FROM_THE_START: 465, Tls.INSISTED: 25, Tls.OFFERED: 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server: host and port, how safe the way must be, whose certificates count, who logs in."""

    host: str
    port: int
    tls: Tls
    context: ssl.SSLContext
    user: str
    password: str = field(repr=False)

    @classmethod
    def at(cls, url: str, ca_file: str | None = None) -> Self:
        """Return the server that a URL names, user and password in it.

        `ca_file` holds the certificates that count instead of the system's. ValueError for another scheme or
        no host, OSError for a file that can't be read.
        """
        parts = urlsplit(url)
        tls = Tls(parts.scheme)
        if not parts.hostname:
            raise ValueError("the URL of the mail server names no host")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[tls],
            tls=tls,
            context=ssl.create_default_context(cafile=ca_file),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
