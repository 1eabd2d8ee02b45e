"""What activities cost, before anything is chosen."""

from marshmallow import Schema

from gateway import clients, session
from gateway.api.fields import Amount, Day, Id, each
from gateway.api.operation import Resource
from gateway.clients import billing

blueprint = Resource("prices", __name__, url_prefix="/prices", description="What activities cost")


class Price(Schema):
    """What a day of an activity costs from one day to another, both included."""

    activity_id = Id()
    price = Amount()
    valid_from = Day()
    valid_to = Day(allow_none=True)


class Prices(Schema):
    """All prices, by activity and first day."""

    data = each(Price)


@blueprint.operation("GET", "", policy="family", returns=Prices)
def list_prices() -> dict[str, tuple[billing.Price, ...]]:
    """List what each activity costs; a review alone promises a price."""
    return {"data": clients.current().billing.list_prices(session.context())}
