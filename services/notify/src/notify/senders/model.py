"""What an organisation decides about who its mails are from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """What an organisation decides about the sender of its mails. `version` counts the changes.

    None stands for what holds otherwise: the organisation's own name, the address that all organisations
    share, and no other place for answers.
    """

    version: int = 0
    sender_name: str | None = None
    sender_address: str | None = None
    reply_to: str | None = None
