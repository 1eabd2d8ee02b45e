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
    `provider_calls_max`: how many calls to the provider run at once.
    """

    provider_url: str
    notify_url: str
    connect_s: float
    read_s: float
    poll_minute: timedelta
    provider_calls_max: int

    @property
    def provider_within_s(self) -> float:
        """How long one call to the provider may take altogether."""
        return self.connect_s + self.read_s

    @classmethod
    def from_environment(cls) -> Self:
        """Return what BILLING_* says: PUBLIC_URL, NOTIFY_PATH, CONNECT_S, READ_S, POLL_MINUTE_S."""
        env = Env()
        with env.prefixed("BILLING_"):
            public = env.str("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
            return cls(
                provider_url=env.str("PROVIDER_URL", "http://127.0.0.1:8026"),
                notify_url=public + env.str("NOTIFY_PATH", "/api/v1/payment-callbacks"),
                # Together they stay below the 2 s that the gateway waits, with room for our own writes:
                # it then hears that the provider does not answer, and not nothing.
                connect_s=env.float("CONNECT_S", 0.5),
                read_s=env.float("READ_S", 1.0),
                poll_minute=timedelta(seconds=env.float("POLL_MINUTE_S", 60.0)),
                # Well below MAX_WORKERS: whoever asks for something else finds the rest.
                provider_calls_max=env.int("PROVIDER_CALLS_MAX", 8),
            )
