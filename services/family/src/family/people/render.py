"""From a file and its people to the event that tells of them."""

from chassis.storage.documents import Document
from family.files.model import Family
from family.people import rules
from family.people.model import Guardian


def family_changed(family: Family, guardians: list[Guardian]) -> Document:
    """Make the data of the event of the same name."""
    return {
        "family_id": family.id,
        "name": family.name,
        "language": family.language,
        "contacts": [
            {"guardian_id": each.id, "name": f"{each.first_name} {each.last_name}", "email": each.email}
            for each in rules.contacts(guardians)
        ],
        "merged_into": family.merged_into,
    }
