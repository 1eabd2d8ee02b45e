"""What family tells, heard by the door of the copies, with a fake of their store."""

from datetime import UTC, datetime

from chassis.doors.call import call_of_event
from chassis.testing.doors import tools
from chassis.values.event import Event
from identity.copies import doors
from identity.copies.model import Family
from identity.copies.store import FamilyStore
from identity.ports import Ports


class FakeFamilies:
    def __init__(self):
        self.kept = []

    def keep_family(self, scope, family, sequence):
        self.kept.append((scope.organisation_id, family, sequence))


def heard(**data):
    families = FakeFamilies()
    of_identity = tools("identity", stores={FamilyStore: families}, ports=Ports(None))
    told_at = datetime(2026, 11, 16, tzinfo=UTC)
    event = Event("e", "family_changed", 1, "town", "f2", 3, told_at, None, "r", data)
    doors.on_family_changed(call_of_event(of_identity, event), event)
    return families.kept


def test_a_family_is_kept_with_the_sequence_in_which_it_was_told():
    assert heard(family_id="f2", name="Roy", language="fr", contacts=[]) == [
        ("town", Family("f2", "town", "Roy"), 3)
    ]


def test_a_merge_is_kept_and_so_is_its_undoing():
    [(_, merged, _)] = heard(family_id="f2", name="Roy", merged_into="f1")
    assert merged.merged_into == "f1"
    [(_, undone, _)] = heard(family_id="f2", name="Roy", merged_into=None)
    assert undone.merged_into is None
