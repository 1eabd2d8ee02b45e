"""From a file with its people and children to what is replied."""

from chassis.storage.documents import Document
from family.children.model import Child
from family.children.render import child_view
from family.files.model import Family
from family.people.model import Guardian


def family_view(family: Family, guardians: list[Guardian], children: list[Child]) -> Document:
    """Make the view of one's own file."""
    return {
        "id": family.id,
        "reference": family.reference,
        "name": family.name,
        "language": family.language,
        "address_lines": list(family.address_lines),
        "phones": list(family.phones),
        "guardians": [
            {
                "id": guardian.id,
                "first_name": guardian.first_name,
                "last_name": guardian.last_name,
                "email": guardian.email,
                "phone": guardian.phone,
            }
            for guardian in guardians
        ],
        "children": [child_view(child) for child in children],
    }
