"""What files are also called."""

from chassis.values.scope import Scope
from family.files.store import FileStore


def test_a_merged_file_is_found_under_its_new_id_in_each_organisation(mongo_database):
    towns = ("carteville", "valmont")
    mongo_database.families.insert_many(
        {"_id": f"old of {town}", "organisation_id": town, "merged_into": f"new of {town}"} for town in towns
    )
    files = FileStore(mongo_database)
    for town in towns:
        assert set(files.names(Scope(town, f"old of {town}"))) == {f"new of {town}", f"old of {town}"}
