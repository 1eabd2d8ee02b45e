"""Every form in which identity's documents have ever lain in a database is read."""

import identity
from chassis.testing import stored
from chassis.testing.stored import Stored
from identity.accounts import store as accounts
from identity.organisations import store as organisations
from identity.organisations.model import Organisation
from identity.sessions import store as sessions

TOKEN_SHA256 = "a" * 64
KINDS = (
    Stored.by(organisations.MAPPER, Organisation, "organisation"),
    Stored("account", accounts.account_from, accounts.document_of),
    Stored(
        "session", sessions.session_from, lambda session: sessions.session_document(session, TOKEN_SHA256)
    ),
)


def test_every_stored_document_is_read_and_the_newest_is_what_is_written():
    assert stored.faults(stored.folder_of(identity), KINDS) == []
