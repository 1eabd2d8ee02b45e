"""What an organisation decides about its mails: who they are from, and when digests leave."""

from dataclasses import dataclass

DIGEST_AT = "07:00"
"""After the evening on which bookings end, before the day's first mail is read."""


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """What an organisation decides about its mails. `version` counts the changes.

    None stands for what holds otherwise: the organisation's own name, the address that all organisations
    share, and no other place for answers. `digest_at` is the hour of digests in its time zone.
    """

    version: int = 0
    sender_name: str | None = None
    sender_address: str | None = None
    reply_to: str | None = None
    digest_at: str = DIGEST_AT
