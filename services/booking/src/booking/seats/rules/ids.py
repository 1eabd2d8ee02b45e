"""What seats documents, pools and slots are called."""

from datetime import date
from functools import lru_cache
from uuid import UUID, uuid5

_NAMESPACE = UUID("4b1e0f6a-7f0b-5a3e-9c52-6f3a3d1f2c70")


@lru_cache(maxsize=10_000)
def pool_id(activity_id: str, centre_id: str) -> str:
    """Name the pool of a plain activity in one centre: a pool of one."""
    return str(uuid5(_NAMESPACE, f"{activity_id}\x1f{centre_id}"))


@lru_cache(maxsize=10_000)
def seats_id(organisation_id: str, pool: str, day: date) -> str:
    """Name the seats document of a pool on a day; whoever asks twice gets the same id."""
    return str(uuid5(_NAMESPACE, f"{organisation_id}\x1f{pool}\x1f{day.isoformat()}"))


def slot_id(activity_id: str, centre_id: str, day_part: str) -> str:
    """Name a slot within the seats documents of its pool."""
    return f"{activity_id}/{centre_id}/{day_part}"
