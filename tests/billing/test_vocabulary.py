"""The words that several nouns share."""

from billing.settlements.model import PART
from billing.vocabulary import key


def test_what_has_one_name_in_two_organisations_is_two_documents():
    assert key("org-1", "a") == "org-1/a"
    assert key("org-2", "a") != key("org-1", "a")


def test_a_store_filters_on_the_states_that_an_act_leads_away_from():
    assert sorted(PART.sources("pay")) == ["due", "released"]
    assert PART.sources("owe") == []
