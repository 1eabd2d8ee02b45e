"""Identity understands what the family service says."""

import pytest

from identity.ports.family import family_changed
from tests.contracts import telling

NEEDS = {"family_changed": {"family_id", "name"}}


@pytest.mark.parametrize("way", telling.events("identity", "family"), ids=str)
def test_identity_reads_what_a_family_is_called_and_of_which_file_it_is_the_double(way):
    heard = family_changed(way.message)
    assert (heard.family_id, heard.name) == (way.message.data["family_id"], "Roy")
    assert heard.merged_into is None


def test_identity_needs_no_more_than_this():
    assert telling.needs("identity", "family", family_changed) == NEEDS
