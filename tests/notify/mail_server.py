"""A mail server for tests: prints its port, then each mail as a line of JSON.

Some recipients' names say what becomes of their mails: `busy@` is answered 451 once and taken then, `gone@`
is answered 550 always, `cut@` has the connection closed, `slow@` is never answered.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl
from typing import Any

from aiosmtpd.smtp import SMTP

FOR_EVER_S = 3_600


class Handler:
    def __init__(self, mails_max: int) -> None:
        self.tried: set[str] = set()
        self.taken_of: dict[Any, int] = {}
        self.mails_max = mails_max

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.taken_of.get(session.peer, 0) >= self.mails_max:
            return "421 enough for one conversation"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("cut@"):
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("slow@"):
            await asyncio.sleep(FOR_EVER_S)
        if recipient.startswith("gone@"):
            return "550 no such mailbox"
        if recipient.startswith("busy@") and recipient not in self.tried:
            self.tried.add(recipient)
            return "451 come back later"
        self.taken_of[session.peer] = self.taken_of.get(session.peer, 0) + 1
        self.show(session, envelope)
        return "250 taken"

    def show(self, session: Any, envelope: Any) -> None:
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = {
            part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()
        }
        how = {
            "rcpt": envelope.rcpt_tos[0],
            "from": envelope.mail_from,
            "tls": session.ssl is not None,
            "conversation": session.peer[1],
        }
        print(json.dumps({**dict(mail.items()), **how, "body": body}), flush=True)  # noqa: T201 - the test reads our output


class Silent(asyncio.Protocol):
    """Takes a connection and says nothing."""


def read() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", choices=("none", "starttls", "start"), default="none")
    parser.add_argument("--certificate", help="key and chain, in one file")
    parser.add_argument("--mails-max", type=int, default=1_000_000)
    parser.add_argument("--silent", action="store_true")
    return parser.parse_args()


async def main() -> None:
    told = read()
    context = None
    if told.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(told.certificate)
    handler = Handler(told.mails_max)
    offered = context if told.tls == "starttls" else None

    def talk() -> asyncio.Protocol:
        return Silent() if told.silent else SMTP(handler, tls_context=offered)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(talk, "127.0.0.1", 0, ssl=context if told.tls == "start" else None)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the test reads our output
    await server.serve_forever()


asyncio.run(main())
