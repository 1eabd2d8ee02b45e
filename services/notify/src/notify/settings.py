"""Notify's settings, read once from the environment."""

from dataclasses import dataclass

from environs import Env

from chassis.running.settings import secret


@dataclass(frozen=True, slots=True)
class Settings:
    """How mail leaves: server (smtp:// or smtps://, user and password in it), sender, our public address.

    With `enabled` false letters are neither written nor sent (for load tests of everything else).
    """

    smtp_url: str
    sender: str
    public_url: str
    enabled: bool
    smtp_timeout_s: float


def read() -> Settings:
    """Read NOTIFY_SMTP_URL[_FILE], _SENDER, _PUBLIC_URL, _ENABLED and _SMTP_TIMEOUT_S."""
    env = Env()
    with env.prefixed("NOTIFY_"):
        return Settings(
            smtp_url=secret("NOTIFY_SMTP_URL"),
            sender=env.str("SENDER", "Marelle <ne-pas-repondre@marelle.example>"),
            public_url=env.str("PUBLIC_URL").rstrip("/"),
            enabled=env.bool("ENABLED", True),
            smtp_timeout_s=env.float("SMTP_TIMEOUT_S", 10.0),
        )
