"""The store classes of all nouns, low to high: what the service and the commands open."""

from booking.basket.store import Drafts
from booking.bookings.store import Bookings
from booking.closures.store import Closings
from booking.confirmations.store import Confirmations, Numbers, OpenConfirmations
from booking.copies.store import Children, Organisations
from booking.offer.store import BookingSettingsStore, Offers
from booking.seats.store import Seats
from booking.seats.store.deciding import Decisions

STORES = (
    Organisations,
    Children,
    Offers,
    BookingSettingsStore,
    Seats,
    Bookings,
    Drafts,
    Confirmations,
    OpenConfirmations,
    Numbers,
    Decisions,
    Closings,
)
