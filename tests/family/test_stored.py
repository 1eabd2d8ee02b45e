"""Every form in which the family service's documents have ever lain in a database is read."""

import family
from chassis.storage.documents import Form, Mapper
from chassis.testing import stored
from chassis.testing.stored import Stored
from family.children import store as children
from family.children.model import Child
from family.enrolments import store as enrolments
from family.enrolments.model import Enrolment
from family.files import store as files
from family.files.model import Family, FamilySettings
from family.guardianships import store as guardianships
from family.guardianships.model import Guardianship
from family.people import store as people
from family.people.model import Guardian

OF_THE_FILTER = {"_id", "organisation_id"}
KINDS = (
    Stored.by(files.MAPPER, Family, "family", beside=OF_THE_FILTER | {"sequence", "merged_into"}),
    Stored.by(Mapper(Form(FamilySettings)), FamilySettings, "settings", beside={"_id"}),
    Stored.by(people.MAPPER, Guardian, "guardian", beside=OF_THE_FILTER | {"sequence"}),
    Stored.by(children.MAPPER, Child, "child", beside=OF_THE_FILTER | {"sequence"}),
    Stored.by(guardianships.MAPPER, Guardianship, "guardianship", beside=OF_THE_FILTER),
    Stored.by(enrolments.MAPPER, Enrolment, "enrolment", beside=OF_THE_FILTER | {"sequence"}),
)


def test_every_stored_document_is_read_and_the_newest_is_what_is_written():
    assert stored.faults(stored.folder_of(family), KINDS) == []
