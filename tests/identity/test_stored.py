"""Every form in which identity's documents have ever lain in a database is read."""

from datetime import UTC, datetime

import identity
from chassis.storage.documents import Form, Mapper
from chassis.testing import stored
from chassis.testing.stored import Stored
from identity.accounts import store as accounts
from identity.copies import store as copies
from identity.copies.model import Family
from identity.organisations import store as organisations
from identity.organisations.model import IdentitySettings, Organisation
from identity.sessions import store as sessions

TOKEN_SHA256, FORGET_AT = "a" * 64, datetime(2026, 11, 16, 16, tzinfo=UTC)
SETTINGS = Mapper(Form(IdentitySettings))
KINDS = (
    Stored.by(organisations.MAPPER, Organisation, "organisation"),
    Stored(
        "settings",
        lambda found: SETTINGS.from_document(IdentitySettings, found),
        SETTINGS.to_document,
        beside={"_id"},
    ),
    Stored.by(copies.MAPPER, Family, "family", beside={"_id", "organisation_id", "sequence"}),
    Stored("account", accounts.account_from, accounts.document_of),
    Stored(
        "session",
        sessions.session_from,
        lambda session: sessions.session_document(session, TOKEN_SHA256, FORGET_AT),
        beside={"forget_at"},
    ),
)


def test_every_stored_document_is_read_and_the_newest_is_what_is_written():
    assert stored.faults(stored.folder_of(identity), KINDS) == []
