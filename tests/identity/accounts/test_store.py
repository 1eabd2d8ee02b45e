"""What is remembered of an account beside what an import says."""


def test_a_fresh_hash_does_not_replace_a_newer_password(store):
    account = store.accounts.account_by_login("ana.roy@example.org")
    store.accounts.keep_fresh_hash(account, "fresh")
    store.accounts.keep_fresh_hash(account, "late")
    assert store.accounts.account_by_login(account.login).password_hash == "fresh"


def test_known_devices_are_remembered_once(store):
    account = store.accounts.account_by_login("ana.roy@example.org")
    store.accounts.remember_device(account, "home")
    store.accounts.remember_device(store.accounts.account_by_login(account.login), "home")
    assert store.accounts.account_by_login(account.login).known_devices == ("home",)
