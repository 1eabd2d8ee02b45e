"""Run the catcher: SMTP on SMTP_PORT (1025), pages on MAIL_PORT (8025), both of SIMULATOR_HOST (loopback)."""

import os
from types import SimpleNamespace

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from werkzeug.serving import run_simple

from deploy.simulators.mail.mailbox import Mailbox
from deploy.simulators.mail.page import create_app

_HOST = os.environ.get("SIMULATOR_HOST", "127.0.0.1")


class _Catcher:
    """What aiosmtpd calls for every mail."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: object, _session: SimpleNamespace, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.original_content or b""
        self._mailbox.keep(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return "250 caught"


def main() -> None:
    """Catch mails until stopped."""
    mailbox = Mailbox()
    catcher = Controller(_Catcher(mailbox), hostname=_HOST, port=int(os.environ.get("SMTP_PORT", "1025")))
    catcher.start()
    try:
        run_simple(_HOST, int(os.environ.get("MAIL_PORT", "8025")), create_app(mailbox), threaded=True)
    finally:
        catcher.stop()


if __name__ == "__main__":
    main()
