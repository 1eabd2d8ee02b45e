"""A mail server for tests: prints each mail as a line of JSON, refuses when the recipient's name says so.

`busy@` is answered 451 once and taken then; `gone@` is answered 550 always.
"""

import asyncio
import email
import email.policy
import json
from typing import Any

from aiosmtpd.smtp import SMTP


class Handler:
    def __init__(self) -> None:
        self.tried: set[str] = set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("gone@"):
            return "550 no such mailbox"
        if recipient.startswith("busy@") and recipient not in self.tried:
            self.tried.add(recipient)
            return "451 come back later"
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = {
            part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()
        }
        print(json.dumps({**dict(mail.items()), "rcpt": recipient, "body": body}), flush=True)  # noqa: T201 - the test reads our output
        return "250 taken"


async def main() -> None:
    loop = asyncio.get_running_loop()
    handler = Handler()
    server = await loop.create_server(lambda: SMTP(handler), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the test reads our output
    await server.serve_forever()


asyncio.run(main())
