"""From a file with its people and children to what is replied and told."""

from typing import Any

from family.children import rules
from family.children.model import Child
from family.files.model import Family
from family.people.model import Guardian


def family_view(family: Family, guardians: list[Guardian], children: list[Child]) -> dict[str, Any]:
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


def child_view(child: Child) -> dict[str, Any]:
    """Make the view of a child."""
    return {
        "id": child.id,
        "first_name": child.first_name,
        "last_name": child.last_name,
        "birth_on": child.birth_on.isoformat(),
        "school": child.school,
        "school_class": child.school_class,
        "shared": rules.is_shared(child),
    }


def child_changed(child: Child) -> dict[str, Any]:
    """Make the data of the event of the same name."""
    return {
        "child_id": child.id,
        "family_ids": list(child.family_ids),
        "first_name": child.first_name,
        "last_name": child.last_name,
        "birth_on": child.birth_on.isoformat(),
        "school_class": child.school_class,
    }
