"""Looking at prices before anything is chosen."""

from billing.ports import Call
from billing.tariffs.contract import PriceList
from billing.tariffs.render import price_list
from billing.tariffs.store import TariffsStore
from billing.vocabulary import Reply
from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc


@rpc(own_family(), reply=PriceList())
def list_prices(call: Call, _request: object) -> Reply:
    """Show what each activity costs the family, from which day to which; a quote alone promises a price."""
    return price_list(call.store(TariffsStore).current(call.scope, call.now().date()))
