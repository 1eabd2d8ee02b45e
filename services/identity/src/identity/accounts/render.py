"""From an account to the events that tell of it."""

from collections.abc import Iterable
from datetime import datetime

from chassis.storage import outbox
from chassis.storage.documents import Document
from chassis.values.actor import Actor
from identity.accounts.model import Account


def languages_told(
    accounts: Iterable[Account],
    now: datetime,
    request_id: str,
    actor: Actor,
    organisation_id: str | None = None,
) -> list[Document]:
    """Make the events that tell in which language guardians read, of one organisation or of all of theirs.

    Each organisation hears of its own guardians alone.
    """
    return [
        outbox.row(
            "language_chosen",
            context_or_org=each.organisation_id,
            aggregate_id=each.id,
            sequence=account.language_sequence,
            data={"guardian_id": each.guardian_id, "language": account.language},
            occurred_at=now,
            request_id=request_id,
            actor=actor,
        )
        for account in accounts
        for each in account.memberships
        if each.guardian_id and organisation_id in {None, each.organisation_id}
    ]
