"""Many log in at once: none is worked on for nobody, and all are let in by coming again when told."""

import eventlet
import pytest
from eventlet.patcher import original

from chassis.testing import eventually
from chassis.values.errors import Refused, Unavailable
from identity.ports.hashing import HashingQueueProvider, Passwords, Verdict
from tests.identity.sessions.test_doors import ANA, DESK, refusal

RUSH = 60
ROOM = 22
"""Log-ins that may be in work or wait, by the settings' own defaults."""


@pytest.fixture
def stuck(monkeypatch):
    """Passwords take until the event is set to be checked."""
    over = original("threading").Event()
    over.hashed = []

    def check(_passwords, _password, stored_hash):
        over.hashed.append(stored_hash)
        over.wait(60)
        return Verdict(matches=False)

    monkeypatch.setattr(Passwords, "check", check)
    yield over
    over.set()


def queue_of(identity):
    """Give the running service's queue for passwords."""
    dependencies = identity.container.dependencies
    return next(each.queue for each in dependencies if isinstance(each, HashingQueueProvider))


@pytest.mark.parametrize("max_workers", [48])
def test_who_logs_in_during_a_rush_is_told_at_once_when_to_come_again(identity, stuck):
    """And whoever is logged in is known meanwhile: the queue for passwords is full, not the service."""
    queue = queue_of(identity)
    logins = [{**ANA, "login": f"nobody{number}@example.org"} for number in range(ROOM)]
    waiting = [eventlet.spawn(refusal, identity.ask, "log_in", each) for each in logins]
    eventually(lambda: queue._inside == ROOM)
    told = refusal(identity.ask, "log_in", DESK)
    assert told.code == "overloaded"
    assert told.retry_after_s >= 1
    assert queue._inside == ROOM  # those before are still waiting
    assert refusal(identity.ask, "resolve_session", {"token_sha256": "a" * 64}).code == "session_expired"
    stuck.set()
    assert {each.wait().code for each in waiting} == {"invalid_credentials"}


def test_no_password_is_hashed_and_no_session_opened_for_a_caller_that_has_gone(identity, stuck):
    """Two passwords are being hashed; who waits behind them goes away before its turn."""
    strangers = [{**ANA, "login": f"nobody{number}@example.org"} for number in range(2)]
    working = [eventlet.spawn(refusal, identity.ask, "log_in", each) for each in strangers]
    eventually(lambda: len(stuck.hashed) == 2)
    with pytest.raises(Unavailable, match="timeout"):
        identity.ask("log_in", ANA, timeout_s=0.7)
    stuck.set()
    assert {each.wait().code for each in working} == {"invalid_credentials"}
    eventually(lambda: queue_of(identity)._inside == 0)
    assert len(stuck.hashed) == 2
    assert identity.store.database.sessions.count_documents({}) == 0
    counted = [each["failures"] for each in identity.store.database.attempts.find()]
    assert sorted(counted) == [0, 1, 1, 2]  # hers, the strangers', the address that they share


@pytest.fixture
def real_hashes(settings, monkeypatch):
    """Passwords take as long as they do in service; what was hashed is counted."""
    monkeypatch.setenv("IDENTITY_ARGON2_MEMORY_KIB", "19456")
    monkeypatch.setenv("IDENTITY_ARGON2_TIME_COST", "2")
    hashed, check = [], Passwords.check

    def counted(passwords, password, stored_hash):
        hashed.append(stored_hash)
        return check(passwords, password, stored_hash)

    monkeypatch.setattr(Passwords, "check", counted)
    return hashed


@pytest.mark.parametrize("max_workers", [48])
def test_all_of_a_rush_of_log_ins_are_let_in_by_coming_again_when_they_are_told(
    real_hashes, identity, import_files
):
    """Each password is hashed once, and there is one session each: nothing was done for nobody."""
    lines = [f"rush{number}@example.org;soleil-marelle-42;A;A;carteville;F{number}" for number in range(RUSH)]
    head = "login;password;first_name;last_name;organisation;family_reference"
    assert import_files(accounts="\n".join((head, *lines))).exit_code == 0

    turned_away = []

    def log_in(number):
        asked = {**ANA, "login": f"rush{number}@example.org"}
        while True:
            try:
                return identity.ask("log_in", asked)["session"]["id"]
            except Refused as told:
                turned_away.append(told.code)
                eventlet.sleep(told.retry_after_s)

    opened = list(eventlet.GreenPool(RUSH).imap(log_in, range(RUSH)))
    assert set(turned_away) == {"overloaded"}
    assert len(real_hashes) == RUSH
    assert {each["id"] for each in identity.store.database.sessions.find()} == set(opened)
