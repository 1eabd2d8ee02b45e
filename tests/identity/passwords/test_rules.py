"""Which passwords are taken; the table is in docs/rules/passwords.md."""

import pytest

from identity.passwords import rules as passwords
from tests.booking.rule_tables import rows


@pytest.mark.parametrize("row", rows("passwords.md", "## Which passwords are taken"), ids=str)
def test_a_password_has_twelve_characters_or_more_and_not_the_login(row):
    assert (passwords.password_faults(row["password"], "ana") == []) is (row["taken"] == "yes")


@pytest.mark.parametrize(
    ("password", "taken"), [("x" * 128, True), ("x" * 129, False), ("e\u0301" * 6, False)]
)
def test_characters_are_counted_however_they_are_written(password, taken):
    assert (passwords.password_faults(password, "ana") == []) is taken


def test_without_a_login_only_the_length_counts():
    assert passwords.password_faults("soleil-marelle", "") == []
