"""How files, guardians, children and enrolments lie in the database. Days are ISO text, which sorts."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from family.children.model import Child, Enrolment, EnrolmentState, Family, Guardian

Document = dict[str, Any]


def document_of(thing: Family | Guardian | Child | Enrolment) -> Document:
    """Lay out what one of these says; its id and organisation stand in the filter, which an upsert adds."""
    document = asdict(thing)
    del document["id"], document["organisation_id"]
    if isinstance(thing, Child):
        document["birth_on"] = thing.birth_on.isoformat()
    if isinstance(thing, Enrolment):
        document["state"] = thing.state.value
    return document


def family_from(document: Mapping[str, Any]) -> Family:
    """Read a file."""
    return Family(
        id=document["_id"],
        organisation_id=document["organisation_id"],
        reference=document["reference"],
        name=document["name"],
        language=document["language"],
        address_lines=tuple(document["address_lines"]),
        phones=tuple(document["phones"]),
    )


def guardian_from(document: Mapping[str, Any]) -> Guardian:
    """Read a guardian."""
    return Guardian(
        id=document["_id"],
        organisation_id=document["organisation_id"],
        reference=document["reference"],
        family_id=document["family_id"],
        first_name=document["first_name"],
        last_name=document["last_name"],
        email=document["email"],
        phone=document["phone"],
        payer=document["payer"],
    )


def child_from(document: Mapping[str, Any]) -> Child:
    """Read a child."""
    return Child(
        id=document["_id"],
        organisation_id=document["organisation_id"],
        reference=document["reference"],
        family_ids=tuple(document["family_ids"]),
        first_name=document["first_name"],
        last_name=document["last_name"],
        birth_on=date.fromisoformat(document["birth_on"]),
        school=document["school"],
        school_class=document["school_class"],
    )


def enrolment_from(document: Mapping[str, Any]) -> Enrolment:
    """Read an enrolment."""
    return Enrolment(
        id=document["_id"],
        organisation_id=document["organisation_id"],
        child_id=document["child_id"],
        activity_id=document["activity_id"],
        school_year=document["school_year"],
        state=EnrolmentState(document["state"]),
    )
