"""Booking's own settings, read once from the environment.

What every service shares is read by the chassis.
"""

from dataclasses import dataclass
from functools import cache

from environs import Env


@dataclass(frozen=True, slots=True)
class Settings:
    """Times are whole seconds.

    `hold_s` and `promoted_hold_s` count in organisations that decided nothing (`BookingSettings`).
    `lease_s` is how long one process may take to answer a confirmation before another takes over;
    `replay_s` is how long an unanswered confirmation may still write seats, after that it is only read.
    """

    hold_s: int = 1_500
    promoted_hold_s: int = 86_400
    lease_s: int = 30
    replay_s: int = 600
    settle_retry_s: int = 2
    settle_timeout_s: float = 3.0
    quote_timeout_s: float = 2.0
    sweep_batch_max: int = 200


@cache
def settings() -> Settings:
    """The settings of this process."""
    env = Env()
    with env.prefixed("BOOKING_"):
        return Settings(
            hold_s=env.int("HOLD_S", 1_500),
            promoted_hold_s=env.int("PROMOTED_HOLD_S", 86_400),
            lease_s=env.int("LEASE_S", 30),
            replay_s=env.int("REPLAY_S", 600),
            settle_retry_s=env.int("SETTLE_RETRY_S", 2),
            settle_timeout_s=env.float("SETTLE_TIMEOUT_S", 3.0),
            quote_timeout_s=env.float("QUOTE_TIMEOUT_S", 2.0),
            sweep_batch_max=env.int("SWEEP_BATCH_MAX", 200),
        )
