"""What an import makes of an organisation."""

from dataclasses import replace

from identity.organisations.model import Announcement, Organisation
from identity.organisations.rules import imported_organisation


def test_an_imported_organisation_is_kept_only_if_it_changed():
    town = Organisation("o1", "town", "Town", "Europe/Paris", "fr", (Announcement("Hello", "Welcome."),))
    first = imported_organisation(None, town)
    assert first.sequence == 1
    assert imported_organisation(first, town) is None
    assert imported_organisation(first, replace(town, name="City")).sequence == 2
