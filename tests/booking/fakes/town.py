"""A town of fakes, for tests of doors in milliseconds."""

from booking.basket.store import Drafts
from booking.bookings.store import Bookings
from booking.confirmations.store import Confirmations, Numbers
from booking.copies.store import Children, Organisations
from booking.offer.store import BookingSettingsStore, Offers
from booking.ports import Ports
from booking.seats.store import Seats
from booking.vocabulary import Verdict
from chassis.testing import FrozenClock
from chassis.testing.doors import Alarms, Bells, FakePress, call, tools
from tests.booking.fakes.baskets import FakeConfirmations, FakeDrafts, FakeNumbers
from tests.booking.fakes.billing import FakeBilling
from tests.booking.fakes.copies import FakeChildren, FakeOffers, FakeOrganisations, FakeSettings
from tests.booking.fakes.seats import FakeBookings, FakeSeats


class Town:
    """A town of fakes: `town.as_(person)` is the call with which a door is used."""

    def __init__(self, offer, *children):
        self.clock, self.bell, self.timers = FrozenClock(), Bells(), Alarms()
        self.billing, self.seats = FakeBilling(self.clock), FakeSeats()
        self.press = FakePress()
        self.bookings, self.drafts = FakeBookings(self.seats), FakeDrafts()
        self.confirmations = FakeConfirmations(self.drafts, self.seats)
        self.children, self.offers = FakeChildren(*children), FakeOffers(offer)
        self.organisations, self.offer = FakeOrganisations(), offer
        self.settings = FakeSettings()
        stores = {
            Organisations: self.organisations,
            Offers: self.offers,
            BookingSettingsStore: self.settings,
            Children: self.children,
            Seats: self.seats,
            Bookings: self.bookings,
            Drafts: self.drafts,
            Confirmations: self.confirmations,
            Numbers: FakeNumbers(),
        }
        self.tools = tools(
            "booking",
            stores=stores,
            ports=Ports(self.billing, self.press),
            clock=self.clock,
            bell=self.bell,
            timers=self.timers,
        )

    def as_(self, context):
        return call(self.tools, context)

    def states(self):
        return {row.facts.child_id: row.state.value for row in self.bookings.all().values()}


def verdicts(reply):
    return [Verdict(line["verdict"]).value for line in reply["confirmation"]["lines"]]
