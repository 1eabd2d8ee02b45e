"""A service for the tests of calls: what it was asked to do is written down in `Echo.done`."""

import os
from pathlib import Path
from typing import ClassVar

import eventlet
from eventlet.event import Event
from marshmallow import Schema, fields

from chassis.doors.capabilities import Needs, own_account
from chassis.doors.providers import ClockProvider, IdsProvider, RpcCaller
from chassis.doors.rpc import rpc
from chassis.running.log import get_logger
from chassis.storage.mongo import Mongo
from chassis.values.errors import Refused

NAME = os.environ.get("ECHO_NAME", f"echo-{os.getpid()}")
REFUSAL = Refused("full", "no seat is left", [{"pointer": "/day", "messages": ["is full"]}], 3)


class EchoRequest(Schema):
    text = fields.String(required=True)


class WaitRequest(Schema):
    seconds = fields.Float(required=True)
    mark = fields.String(required=True)


class EchoReply(Schema):
    text = fields.String(required=True)


class Echo:
    """`wait_at_the_gate` keeps a call until the test opens the gate, however long that takes it."""

    name = NAME
    begun: ClassVar[list[str]] = []
    done: ClassVar[list[str]] = []
    gate: ClassVar[Event] = Event()

    calls = RpcCaller()
    clock = ClockProvider()
    ids = IdsProvider()

    @rpc(Needs({"gateway": {"person"}, NAME: {"service"}}), request=EchoRequest(), reply=EchoReply())
    def echo(self, context, request):
        self.done.append(request["text"])
        return {"text": request["text"]}

    @rpc(own_account())
    def who_am_i(self, context, request):
        return {
            "account_id": context.account_id,
            "family_id": context.family_id,
            "roles": list(context.roles),
        }

    @rpc(own_account())
    def refuse(self, context, request):
        raise REFUSAL

    @rpc(own_account())
    def break_down(self, context, request):
        raise KeyError("Camille Exemple, 3 rue du Port")

    @rpc(own_account(), reply=EchoReply())
    def break_contract(self, context, request):
        return {"texte": "mal nommé"}

    @rpc(own_account())
    def answer_nonsense(self, context, request):
        return {"text": object()}

    @rpc(own_account(), request=WaitRequest())
    def wait(self, context, request):
        mark = os.environ.get("ECHO_MARKS")
        if mark:
            (Path(mark) / f"{request['mark']}.begun").touch()
        eventlet.sleep(request["seconds"])
        self.done.append(request["mark"])
        if mark:
            (Path(mark) / f"{request['mark']}.done").touch()
        return {"mark": request["mark"]}

    @rpc(own_account(), request=EchoRequest(), reply=EchoReply())
    def wait_at_the_gate(self, context, request):
        self.begun.append(request["text"])
        self.gate.wait()
        self.done.append(request["text"])
        return {"text": request["text"]}

    @rpc(own_account())
    def say_when(self, context, request):
        return {"now": self.clock.now().isoformat(), "id": self.ids.new_id()}

    @rpc(own_account())
    def answer_by(self, context, request):
        return {"deadline": context.deadline.timestamp()}

    @rpc(own_account(), request=EchoRequest())
    def ask_myself(self, context, request):
        get_logger().warning("asking")
        return self.calls.call(NAME, "echo", context.as_service(NAME), request)

    @rpc(own_account())
    def ask_nobody(self, context, request):
        return self.calls.call("nobody", "echo", context.as_service(NAME), {})


class Shelf:
    """A store with nothing on it."""

    def __init__(self, database):
        self.database = database

    @staticmethod
    def ensure_indexes(database):
        """None are needed."""


class Keeper:
    """A service with a database."""

    name = NAME
    shelf = Mongo(Shelf)

    @rpc(own_account())
    def count(self, context, request):
        return {"count": self.shelf.database.things.count_documents({})}
