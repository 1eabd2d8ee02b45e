"""When mails come, and in which language: chosen on one page, without a script."""

import pytest

from tests.gateway.portal.reading import read, send


def chosen(response):
    return {field["name"]: field["value"] for field in read(response).select("#preferences [checked]")}


def test_the_page_shows_what_holds_and_the_hour_of_the_organisation(parent):
    response = parent.get("/preferences")
    assert chosen(response) == {"telling": "at_once", "language": "fr"}
    assert "7\u00a0h" in response.text or "7\u202fh" in response.text


def test_a_choice_is_kept_and_said_to_be(parent, town):
    response = send(parent, "/preferences", {"telling": "daily", "language": "en"}, at="/preferences")
    assert response.headers["Location"] == "/preferences?saved=1"
    assert town.asked("notify.put_preferences") == [{"telling": "daily"}]
    assert town.asked("identity.choose_language") == [{"language": "en"}]
    page = parent.get("/preferences?saved=1")
    assert chosen(page) == {"telling": "daily", "language": "en"}
    assert read(page).html["lang"] == "en"
    assert "Your choice is saved" in page.text


@pytest.mark.parametrize("form", [{}, {"telling": "never", "language": "de"}])
def test_what_a_form_leaves_open_or_nobody_offers_stays_as_it_was(parent, town, form):
    send(parent, "/preferences", form, at="/preferences")
    assert town.asked("notify.put_preferences") == town.asked("identity.choose_language") == []


def test_who_is_no_guardian_chooses_a_language_alone(parent, town):
    town.telling = None
    assert chosen(parent.get("/preferences")) == {"language": "fr"}


def test_the_page_is_two_taps_from_home(parent):
    assert read(parent.get("/home")).select_one(".who #to-preferences")["href"] == "/preferences"


def test_the_language_of_the_foot_is_kept_for_the_account_of_who_is_logged_in(parent, stranger, town):
    send(parent, "/language", {"language": "en", "next": "/home"})
    assert town.asked("identity.choose_language") == [{"language": "en"}]
    send(stranger, "/language", {"language": "en", "next": "/carteville"}, at="/carteville")
    assert len(town.asked("identity.choose_language")) == 1


def test_pages_are_in_the_language_of_the_account_after_a_log_in(stranger, town):
    send(stranger, "/language", {"language": "en", "next": "/carteville"}, at="/carteville")
    data = {"login": "jeanne", "password": "chat lune violette"}
    send(stranger, "/carteville", data, at="/carteville")
    assert read(stranger.get("/home")).html["lang"] == "fr"
