"""Who is logged in: nobody goes on with a family or roles that they no longer have."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pymongo.database import Database

Row = Mapping[str, Any]
SECOND_FORM = 2


def check(identity: Database[dict[str, Any]]) -> Iterator[str]:
    """Every session belongs to an account, and shows its person as the account does."""
    accounts = {
        row["_id"]: belongings(row, row["memberships"])
        for row in identity["accounts"].find(
            {}, {"memberships": 1, "more_memberships": 1, "schema_version": 1}
        )
    }
    for session in identity["sessions"].find():
        listed = "affiliations" if _is_second(session) else "standings"
        shown = belongings(session, [each["membership"] for each in session[listed]])
        if shown != accounts.get(session["account_id"]):
            yield f"session {session['id']} shows memberships that its account does not have"


def _is_second(row: Row) -> bool:
    """Return whether each membership stands for itself: else there is an entry per organisation."""
    return bool(row.get("schema_version", 1) >= SECOND_FORM)


def belongings(row: Row, listed: Collection[Row]) -> set[tuple[str | None, ...]]:
    """Return the families and grants that a row says, the same whichever form it has."""
    organisations = {each["organisation_id"] for each in listed}
    beside = [] if _is_second(row) else row.get("more_memberships", [])
    more = [each for each in beside if each["organisation_id"] in organisations]
    families = {
        ("family", each["organisation_id"], each["family_id"], each.get("guardian_id"))
        for each in (*listed, *more)
        if each.get("family_id")
    }
    return families | {
        ("grant", each["organisation_id"], *grant) for each in listed for grant in _grants(each)
    }


def _grants(membership: Row) -> list[tuple[str | None, ...]]:
    if told := membership.get("grants"):
        return [(each["role"], each.get("centre_id"), each.get("cash_office_id")) for each in told]
    centre_ids = membership.get("centre_ids") or [None]
    return [(role, centre_id, None) for role in membership.get("roles", ()) for centre_id in centre_ids]
