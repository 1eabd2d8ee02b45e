"""Notify's settings, read once from the environment."""

from dataclasses import dataclass
from email.utils import parseaddr

from environs import Env
from marshmallow import validate

from chassis.running.settings import secret
from chassis.values.addresses import as_sent
from notify.vocabulary import Sender

TIMEOUT_MAX_S = 15.0
"""Well within the lease that a postman has on a mail."""
GATHER_MAX_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How mail leaves, who writes where an organisation says nothing, and our public address.

    `smtp_url` and `smtp_ca_file` are as `MailServer.at` takes them; `smtp_timeout_s` bounds all that one mail
    may take. `gather_s` is how long what belongs to one act is gathered. With `enabled` false letters are
    neither written nor sent (for load tests of everything else).
    """

    smtp_url: str
    smtp_ca_file: str | None
    smtp_timeout_s: float
    sender: Sender
    public_url: str
    enabled: bool
    gather_s: float


def read() -> Settings:
    """Read NOTIFY_SMTP_URL[_FILE], _SMTP_CA_FILE, _SMTP_TIMEOUT_S, _SENDER, _PUBLIC_URL, _ENABLED, _GATHER_S.

    ValueError when one of them means nothing: the service does not start.
    """
    env = Env()
    with env.prefixed("NOTIFY_"):
        name, address = parseaddr(env.str("SENDER", "ne-pas-repondre@marelle.example"))
        return Settings(
            smtp_url=secret("NOTIFY_SMTP_URL"),
            smtp_ca_file=env.str("SMTP_CA_FILE", None),
            smtp_timeout_s=env.float(
                "SMTP_TIMEOUT_S", 10.0, validate=validate.Range(0, TIMEOUT_MAX_S, min_inclusive=False)
            ),
            sender=Sender(name, as_sent(address)),
            public_url=env.str("PUBLIC_URL").rstrip("/"),
            enabled=env.bool("ENABLED", True),
            gather_s=env.float("GATHER_S", 20.0, validate=validate.Range(0, GATHER_MAX_S)),
        )
