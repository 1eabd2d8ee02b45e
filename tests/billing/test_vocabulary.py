"""The words that several nouns share."""

from billing.vocabulary import key


def test_what_has_one_name_in_two_organisations_is_two_documents():
    assert key("org-1", "a") == "org-1/a"
    assert key("org-2", "a") != key("org-1", "a")
