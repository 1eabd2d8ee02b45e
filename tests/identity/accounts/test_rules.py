"""What an account is called, and what an import makes of it; the table is in docs/rules/passwords.md."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.accounts import rules as accounts
from identity.throttle.model import Device
from tests.booking.rule_tables import rows
from tests.identity.conftest import a_guardian, an_account

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)


@pytest.mark.parametrize("row", rows("passwords.md", "## When two logins are one"), ids=str)
def test_a_login_is_the_same_however_it_is_typed(row):
    assert accounts.normalised_login(f" {row['typed']} ") == row["kept"]


def test_a_login_is_the_same_in_both_forms_of_its_accents():
    assert accounts.normalised_login("E\u0301lodie") == accounts.normalised_login("\u00e9lodie")


@pytest.mark.parametrize(
    "typed",
    ["\ufeffana", "a\u200bna", "ana\u00a0", "\u202fa\u00adna", "ana\u2060", "\u202aana\u202c", "an\u200da"],
)
def test_what_nobody_sees_makes_no_difference(typed):
    assert accounts.normalised_login(typed) == "ana"


@given(st.text())
def test_the_form_of_a_login_is_its_own_form_with_what_the_release_before_took_away(typed):
    seen = set(accounts.normalised_login(typed)) - {"'", "-"}
    assert seen <= set(accounts.former_login(typed))


@given(st.text())
def test_a_normalised_login_has_no_white_space(typed):
    assert not any(sign.isspace() for sign in accounts.normalised_login(typed))


def test_an_import_keeps_the_password_the_devices_and_the_other_memberships():
    stored = an_account(a_guardian(), a_guardian("county", "f9"), devices=(Device("home", NOW),))
    told = a_guardian("town", "f2")
    wanted = an_account(told, a_guardian("coast"), password_hash="", last_name="Rey")
    assert accounts.imported_account(stored, wanted) == replace(
        stored, last_name="Rey", memberships=(told, a_guardian("county", "f9"), a_guardian("coast"))
    )
