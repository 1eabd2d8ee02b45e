import pytest

from gateway.pages import texts


@pytest.mark.parametrize(("language", "said"), [("fr", "Appareil inconnu"), ("en", "Unknown device")])
def test_a_text_is_said_in_the_language_of_who_reads(portal, language, said):
    with portal.test_request_context(headers={"Accept-Language": language}):
        assert texts.gettext("Unknown device") == said


@pytest.mark.parametrize(("num", "said"), [(0, "0 place"), (1, "1 place"), (2, "2 places")])
def test_a_text_for_several_things_counts_as_its_language_does(portal, num, said):
    with portal.test_request_context(headers={"Accept-Language": "fr"}):
        assert texts.ngettext("%(num)s seat", "%(num)s seats", num) == said


def test_what_a_text_names_is_filled_in(portal):
    with portal.test_request_context(headers={"Accept-Language": "en"}):
        assert texts.gettext("rank %(rank)s", rank=3) == "rank 3"
