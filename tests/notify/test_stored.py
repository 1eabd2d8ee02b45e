"""Every form in which notify's documents have ever lain in a database is read."""

import notify
from chassis.storage.documents import Form, Mapper
from chassis.testing import stored
from chassis.testing.stored import Stored
from notify.copies import store as copies
from notify.news import store as news
from notify.news.model import News
from notify.outgoing import store as outgoing
from notify.outgoing.model import Message
from notify.preferences import store as preferences
from notify.preferences.model import Preferences
from notify.senders.model import NotifySettings
from notify.vocabulary import ChosenLanguage, Family, KeptSeat, Organisation

KINDS = (
    Stored.by(copies.MAPPER, Organisation, "organisation", beside={"_id", "sequence"}),
    Stored.by(copies.MAPPER, Family, "family", beside={"_id", "organisation_id", "family_id", "sequence"}),
    Stored.by(
        copies.MAPPER, ChosenLanguage, "chosen_language", beside={"_id", "organisation_id", "sequence"}
    ),
    Stored.by(copies.MAPPER, KeptSeat, "held_seat", beside={"_id", "organisation_id", "kept_at"}),
    Stored.by(Mapper(Form(NotifySettings)), NotifySettings, "settings", beside={"_id"}),
    Stored.by(outgoing.MAPPER, Message, "message"),
    Stored.by(news.MAPPER, News, "news"),
    Stored.by(
        preferences.MAPPER, Preferences, "preferences", beside={"_id", "organisation_id", "guardian_id"}
    ),
)


def test_every_stored_document_is_read_and_the_newest_is_what_is_written():
    assert stored.faults(stored.folder_of(notify), KINDS) == []
