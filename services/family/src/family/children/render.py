"""From a child to what is replied and told."""

from chassis.storage.documents import Document
from family.children import rules
from family.children.model import Child


def child_view(child: Child) -> Document:
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


def child_changed(child: Child) -> Document:
    """Make the data of the event of the same name."""
    return {
        "child_id": child.id,
        "family_ids": list(child.family_ids),
        "first_name": child.first_name,
        "last_name": child.last_name,
        "birth_on": child.birth_on.isoformat(),
        "school_class": child.school_class,
    }
