"""What anybody may read of an organisation, on the real broker and database."""

import pytest

from chassis.values.errors import Refused
from identity.organisations.imports import organisation_id


def test_anybody_may_read_an_organisations_announcements(identity):
    organisation = identity.ask("get_organisation", {"slug": "carteville"})["organisation"]
    assert organisation["id"] == organisation_id("carteville")
    assert organisation["announcements"] == [
        {"title": "Bienvenue", "text": "Les inscriptions sont ouvertes."}
    ]
    with pytest.raises(Refused) as refused:
        identity.ask("get_organisation", {"slug": "atlantis"})
    assert refused.value.code == "not_found"
