"""Every document that a release of booking has stored is read, and the newest is what is written today."""

from datetime import date

import booking
from booking.basket.model import Draft
from booking.basket.store import MAPPER as DRAFTS
from booking.bookings.store import MAPPER as BOOKINGS
from booking.bookings.store import record_of
from booking.closures.model import Closing
from booking.closures.store import MAPPER as CLOSINGS
from booking.confirmations.model import Confirmation
from booking.confirmations.store import MAPPER as CONFIRMATIONS
from booking.copies.model import Organisation
from booking.copies.store import MAPPER as COPIES
from booking.copies.store import child_of
from booking.offer.model import Activity, BookingSettings, Centre, Closure, Period
from booking.offer.store import MAPPER as OFFERS
from booking.seats.store import to_seats
from chassis.storage.documents import Form, Mapper
from chassis.testing import stored
from chassis.testing.stored import Stored

HERE = {"organisation_id"}


def changed_in_place(name, read):
    """A kind of document that is never written whole: reading it is what can be held."""
    return Stored(name, lambda document: (read(document), document)[1], lambda document: document)


KINDS = (
    Stored.by(COPIES, Organisation, "organisation", beside={"_id", "sequence"}),
    Stored.by(OFFERS, Activity, "activity", beside=HERE),
    Stored.by(OFFERS, Centre, "centre", beside=HERE),
    Stored.by(OFFERS, Period, "period", beside=HERE),
    Stored.by(Mapper(Form(BookingSettings)), BookingSettings, "settings", beside={"_id"}),
    Stored.by(OFFERS, Closure, "closure", beside={"_id", *HERE}),
    Stored.by(DRAFTS, Draft, "draft", beside={"open"}),
    Stored.by(DRAFTS, Draft, "draft", beside={"open"}),
    Stored.by(DRAFTS, Draft, "closed_draft", beside={"open", "closed_at", "confirmation_id"}),
    Stored.by(DRAFTS, Draft, "basket", beside={"state"}),
    Stored.by(DRAFTS, Draft, "closed_basket", beside={"state", "closed_at"}),
    Stored.by(CONFIRMATIONS, Confirmation, "confirmation", beside={"children", "events"}),
    Stored.by(
        CONFIRMATIONS, Confirmation, "unsettled_confirmation", beside={"children", "events", "settle_at"}
    ),
    Stored("booking", record_of, BOOKINGS.to_document, beside={"history"}),
    Stored.by(CLOSINGS, Closing, "closing"),
    changed_in_place("seats", to_seats),
    changed_in_place("child", child_of),
    changed_in_place("holiday", lambda row: (date.fromisoformat(row["day"]), row["name"], row["kind"])),
    changed_in_place("request_numbers", lambda row: int(row["last"])),
)


# Who has gone holds nothing: the field is there, and empty by its nature.
ALWAYS_EMPTY = {"seats.gone[].held_until: never filled"}


def test_every_stored_document_is_read_and_the_newest_is_what_is_written():
    assert set(stored.faults(stored.folder_of(booking), KINDS)) - ALWAYS_EMPTY == set()


def test_an_actor_is_read_where_it_is_kept_and_missed_where_an_earlier_release_wrote():
    earlier = stored.loads((stored.folder_of(booking) / "v1" / "confirmation.answered.json").read_text())
    assert CONFIRMATIONS.from_document(Confirmation, earlier).actor is None
    ana = {"kind": "person", "account_id": "ana"}
    read = CONFIRMATIONS.from_document(Confirmation, {**earlier, "actor": ana})
    assert CONFIRMATIONS.to_document(read)["actor"] == ana
