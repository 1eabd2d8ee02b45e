"""What a review is worth without billing: a basket of free lines has its own quote."""

from datetime import datetime, timedelta

from booking.model.baskets import Quote

FROZEN = timedelta(minutes=30)


def free_quote(quote_id: str, now: datetime) -> Quote:
    """Make a quote that asks for nothing, valid as long as one of billing's."""
    return Quote(id=quote_id, expires_at=now + FROZEN)
