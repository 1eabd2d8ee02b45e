"""Run the catcher: SMTP on SMTP_PORT (1025), pages on MAIL_PORT (8025), both of SIMULATOR_HOST (loopback)."""

import asyncio
import os
import signal
from types import SimpleNamespace

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from werkzeug.serving import run_simple

from deploy.simulators.mail.faults import Faults
from deploy.simulators.mail.mailbox import Mailbox
from deploy.simulators.mail.page import create_app

_HOST = os.environ.get("SIMULATOR_HOST", "127.0.0.1")


class _Catcher:
    """What aiosmtpd calls for every mail."""

    def __init__(self, mailbox: Mailbox, faults: Faults) -> None:
        self._mailbox = mailbox
        self._faults = faults

    async def handle_DATA(self, _server: object, _session: SimpleNamespace, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        fault = self._faults.strike(list(envelope.rcpt_tos))
        await asyncio.sleep(fault.latency_s)
        if fault.answer:
            return fault.answer
        content = envelope.original_content or b""
        self._mailbox.keep(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return "250 caught"


def main() -> None:
    """Catch mails until stopped."""
    # as the first process of a container it would not end on SIGTERM: the kernel has no default for that one
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    mailbox, faults = Mailbox(), Faults()
    smtp_port = int(os.environ.get("SMTP_PORT", "1025"))
    catcher = Controller(_Catcher(mailbox, faults), hostname=_HOST, port=smtp_port)
    catcher.start()
    try:
        app = create_app(mailbox, faults)
        run_simple(_HOST, int(os.environ.get("MAIL_PORT", "8025")), app, threaded=True)
    finally:
        catcher.stop()


if __name__ == "__main__":
    main()
