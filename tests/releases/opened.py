"""The databases of a stack, as its administrator sees them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient

from deploy.local.stack import Stack
from tests.releases.stored import Databases


@contextmanager
def opened(stack: Stack) -> Iterator[Databases]:
    """Open the database of every service for as long as they are used."""
    with MongoClient[dict[str, Any]](stack.mongodb_uri, tz_aware=True) as client:
        yield {service: client[name] for service, name in stack.databases.items()}
