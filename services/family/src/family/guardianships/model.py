"""What joins an adult and a child."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Guardianship:
    """An adult who has to do with a child: may book, pays, sees it, may collect it; from a day and to a day.

    `stated` says that somebody told it so; else it follows from the files to which both belong, and is made
    anew whenever these change.
    """

    id: str
    organisation_id: str
    adult_id: str
    child_id: str
    books: bool = True
    pays: bool = False
    sees: bool = True
    collects: bool = True
    from_on: date | None = None
    to_on: date | None = None
    stated: bool = False
