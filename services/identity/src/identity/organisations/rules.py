"""What an import makes of an organisation that stands."""

from dataclasses import replace

from identity.organisations.model import Organisation


def imported_organisation(stored: Organisation | None, wanted: Organisation) -> Organisation | None:
    """Return the organisation to be kept with its next sequence, or None if the import changes nothing."""
    sequence = stored.sequence if stored else 0
    if stored == replace(wanted, sequence=sequence):
        return None
    return replace(wanted, sequence=sequence + 1)
