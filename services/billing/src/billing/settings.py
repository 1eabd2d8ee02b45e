"""Billing's own settings, read once from the environment; `chassis.running.settings` has what all have."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from environs import Env


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses and time-outs of the provider, and how often it is asked by ourselves.

    `provider_url`: where the provider listens. `notify_url`: where it reports to.
    `poll_minute`: how long a minute of the look-up schedule lasts (60 s; less in a demo).
    """

    provider_url: str
    notify_url: str
    connect_s: float
    read_s: float
    poll_minute: timedelta

    @classmethod
    def from_environment(cls) -> Self:
        """Return BILLING_*: PROVIDER_URL, PUBLIC_URL, NOTIFY_PATH, CONNECT_S, READ_S, POLL_MINUTE_S."""
        env = Env()
        with env.prefixed("BILLING_"):
            public = env.str("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
            return cls(
                provider_url=env.str("PROVIDER_URL", "http://127.0.0.1:8026"),
                notify_url=public + env.str("NOTIFY_PATH", "/api/v1/payment-callbacks"),
                # Together they stay below the 5 s that a call has, with room for our own writes.
                connect_s=env.float("CONNECT_S", 1.0),
                read_s=env.float("READ_S", 2.0),
                poll_minute=timedelta(seconds=env.float("POLL_MINUTE_S", 60.0)),
            )
