"""Who is logged in: nobody goes on with a family or roles that they no longer have."""

from collections.abc import Iterator
from typing import Any

from pymongo.database import Database


def check(identity: Database[dict[str, Any]]) -> Iterator[str]:
    """Every session belongs to an account, and shows its person as the account does."""
    accounts = {row["_id"]: row["memberships"] for row in identity["accounts"].find({}, {"memberships": 1})}
    for session in identity["sessions"].find():
        shown = [standing["membership"] for standing in session["standings"]]
        if shown != accounts.get(session["account_id"]):
            yield f"session {session['id']} shows memberships that its account does not have"
