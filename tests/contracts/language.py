"""What the services publish: their contracts, their classes, and who asks or hears whom."""

import importlib
from pathlib import Path

from chassis.doors.events import EventHandler
from chassis.doors.rpc import RpcDoor
from chassis.testing import golden
from chassis.values.errors import from_wire
from chassis.wire import topology
from deploy.rabbitmq.generate import SERVICES

ROOT = Path(__file__).parents[2]


def contract_of(service):
    collected = importlib.import_module(f"{service}.service")
    return collected if hasattr(collected, "EVENTS") else importlib.import_module(f"{service}.contract")


def class_of(service):
    return getattr(importlib.import_module(f"{service}.service"), service.capitalize())


def folder_of(service):
    return golden.folder_of(contract_of(service))


def sources_of(service):
    return sorted((ROOT / "services" / service / "src").rglob("*.py"))


def _entrypoints(service, kind):
    service_class = class_of(service)
    for name in dir(service_class):
        for entrypoint in getattr(getattr(service_class, name), "nameko_entrypoints", ()):
            if isinstance(entrypoint, kind):
                yield name, entrypoint


def doors_of(service):
    """The doors by the name of their method."""
    return dict(_entrypoints(service, RpcDoor))


def handlers_of(service):
    """The handlers by (producer, event)."""
    found = (handler for _, handler in _entrypoints(service, EventHandler))
    return {(handler.producer, handler.event): handler for handler in found}


def refused(example):
    """The refusal of a golden example, as a caller gets it."""
    return from_wire(example)


def described():
    return [topology.describe(name, class_of(name), contract_of(name).EVENTS) for name in SERVICES]


def who_asks_whom():
    """(consumer, producer) for every issuer that some door lets in."""
    return {
        (issuer, service.name)
        for service in described()
        for issuers in service.accepts.values()
        for issuer in issuers
    }


def who_hears_whom():
    return {(service.name, producer) for service in described() for producer, _ in service.hears}
