"""Identity's own settings, read once at the start. Those that every service has are the chassis's."""

from dataclasses import dataclass

from environs import Env

from chassis.running.settings import secret


@dataclass(frozen=True, slots=True)
class Settings:
    """How passwords are hashed.

    The pepper is a secret that is not in the database: who steals the hashes alone can't try passwords on
    them. It can't change without every password being set anew.
    """

    pepper: bytes
    memory_kib: int
    time_cost: int
    hashing_threads: int
    hashing_queue_max: int


def read() -> Settings:
    """Read IDENTITY_PEPPER[_FILE] (16 bytes or more), IDENTITY_ARGON2_MEMORY_KIB, IDENTITY_ARGON2_TIME_COST.

    Also IDENTITY_HASHING_THREADS and IDENTITY_HASHING_QUEUE_MAX.
    """
    env = Env()
    pepper = secret("IDENTITY_PEPPER").encode()
    with env.prefixed("IDENTITY_"):
        return Settings(
            pepper=pepper,
            memory_kib=env.int("ARGON2_MEMORY_KIB", 19 * 1024),
            time_cost=env.int("ARGON2_TIME_COST", 2),
            hashing_threads=env.int("HASHING_THREADS", 2),
            hashing_queue_max=env.int("HASHING_QUEUE_MAX", 20),
        )
