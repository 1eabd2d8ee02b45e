"""What is remembered of an account beside what an import says."""

from datetime import UTC, datetime

from eventlet import GreenPool

from identity.throttle.model import Device


def test_a_fresh_hash_does_not_replace_a_newer_password(store):
    account = store.accounts.account_by_login("ana.roy@example.org")
    store.accounts.keep_fresh_hash(account, "fresh")
    store.accounts.keep_fresh_hash(account, "late")
    assert store.accounts.account_by_login(account.login).password_hash == "fresh"


def devices_of(store):
    return store.accounts.account_by_login("ana.roy@example.org").devices


def remember(store, *devices):
    account = store.accounts.account_by_login("ana.roy@example.org")
    for device in devices:
        store.accounts.remember_device(account, device)


def used(name, minutes):
    return Device(name, datetime(2026, 11, 16, 8, minutes, tzinfo=UTC))


def test_a_device_is_remembered_once_with_its_latest_log_in(store):
    remember(store, used("home", 0), used("phone", 1), used("home", 2))
    assert devices_of(store) == (used("home", 2), used("phone", 1))


def test_the_ten_devices_that_were_used_last_are_remembered(store):
    remember(store, *(used(str(number), number) for number in range(10)), used("0", 30), used("new", 31))
    assert {each.sha256 for each in devices_of(store)} == {"0", *map(str, range(2, 10)), "new"}


def test_devices_that_log_in_at_the_same_moment_are_all_remembered(store):
    account = store.accounts.account_by_login("ana.roy@example.org")
    pool = GreenPool(5)
    list(pool.imap(lambda number: store.accounts.remember_device(account, used(str(number), 0)), range(5)))
    assert len(devices_of(store)) == 5


def test_an_account_that_the_release_before_kept_under_another_form_of_its_login_is_found(store):
    [login, former] = ["d'aubigne@example.org", "d\u2019aubigne@example.org"]
    store.database.accounts.update_one({"login": "desk@example.org"}, {"$set": {"login": former}})
    assert store.accounts.account_by_login(login) is None
    assert store.accounts.account_by_login(login, former).first_name == "Rémi"
    store.database.accounts.update_one({"login": "ana.roy@example.org"}, {"$set": {"login": login}})
    assert store.accounts.account_by_login(login, former).first_name == "Ana"
