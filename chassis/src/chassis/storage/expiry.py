"""Expiry: the index by which the database removes documents some time after an instant in them."""

from pymongo import DESCENDING
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from chassis.storage.documents.form import Document

_INDEX_NOT_FOUND = 27


def let_go(collection: Collection[Document], field: str, after_s: int, *, name: str, instead_of: str) -> None:
    """Create the index that lets documents go `after_s` seconds after the instant in `field`.

    `instead_of` is the ascending index by which the release before let them go sooner. It is not changed but
    replaced by a descending one: a release asks at its start for the index that it knows, and would not start
    on data where that one says another time. Going back to it makes its index again, coming back drops it.
    """
    collection.create_index([(field, DESCENDING)], expireAfterSeconds=after_s, name=name)
    if instead_of not in collection.index_information():
        return
    try:
        collection.drop_index(instead_of)
    except OperationFailure as error:
        if error.code != _INDEX_NOT_FOUND:  # another copy, which starts at this moment, was faster
            raise
