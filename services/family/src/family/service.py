"""The family service as it runs: a family reads its own file. Files are changed by imports so far."""

from chassis.doors.service import service
from chassis.storage.outbox import Rows
from family.children import contract as children_contract
from family.children import doors as children
from family.children.store import ChildStore
from family.enrolments import contract as enrolments_contract
from family.enrolments import doors as enrolments
from family.enrolments.store import EnrolmentStore
from family.files import contract as files_contract
from family.files import doors as files
from family.files.store import FamilySettingsStore, FileStore
from family.guardianships import doors as guardianships
from family.guardianships.store import GuardianshipStore
from family.people import contract as people_contract
from family.people.store import PeopleStore

EVENTS = (
    files_contract.EVENTS | people_contract.EVENTS | children_contract.EVENTS | enrolments_contract.EVENTS
)
REFUSALS = ("malformed", "forbidden", "not_found", "conflict")
STORES = (FileStore, FamilySettingsStore, PeopleStore, ChildStore, GuardianshipStore, EnrolmentStore)

Family = service(
    "family",
    [files, children, guardianships, enrolments],
    stores=STORES,
    events=EVENTS,
    sources=[Rows("outbox")],
    roles=files_contract.ROLES,
)
