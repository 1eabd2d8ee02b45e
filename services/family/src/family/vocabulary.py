"""The words that several nouns of the family service share."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and by which request something is kept, for the events that tell of it."""

    organisation_id: str
    now: datetime
    request_id: str
