"""What the gateway asks of a service, held against its doors and examples: the shared half of these tests.

Each route of the gateway is sent over a fake of the bus; the request that it makes must pass the door, its
context must be of a kind that the door lets in, and the reply that the gateway's own tests rely on must be
one that the door gives. The service's own examples, in every way they may come, must make an answer too.
"""

import functools
import re
from dataclasses import dataclass, replace

from gateway import app, clients, policy
from gateway.settings import Settings
from tests.contracts import language, telling
from tests.gateway.fake_bus import FakeBus
from tests.gateway.samples import ROUTES, SESSION, TOKEN

SETTINGS = Settings("http://portal.example", "carteville", "", 2.0, 0, "a secret", hosts=("localhost",))
LONGEST = "x" * 128


@dataclass(frozen=True)
class Answered:
    """A route and one way of the reply that it is given."""

    route: object
    way: telling.Way

    def __str__(self):
        return f"{self.route} {self.way}"


def routes_to(service):
    """Return the routes that end at a service."""
    return [route for route in ROUTES if route.call.startswith(service + ".")]


def for_the_gateway(service):
    """Return the names of the doors that the gateway may use."""
    return {name for name, door in language.doors_of(service).items() if "gateway" in door.accepts}


def asked_of(service):
    """Return the methods of a service that some route uses."""
    return {_method(route) for route in routes_to(service)}


def answers_of(service):
    """Return every route to a service with every way of the service's own example of the reply."""
    return [
        Answered(route, way)
        for route in routes_to(service)
        for way in telling.replies(service, _method(route))
    ]


def refusals_of(service):
    """Return the golden examples of a service's refusals."""
    codes = language.contract_of(service).REFUSALS
    return [telling.example(service, f"{code}.refusal") for code in codes]


def faults(route):
    """Send the route and say what does not fit the service's door."""
    bus, response = _sent(route, route.reply)
    service, method = route.call.split(".")
    door = language.doors_of(service)[method]
    said = [] if response.status_code == route.status else [response.text]
    for call in bus.asked(route.call):
        said += [f"request: {wrong}" for wrong in door.request.validate(call.request).items()]
        if call.context.kind not in door.accepts["gateway"]:
            said.append(f"context: {call.context.kind}")
    if door.reply is not None:
        said += [f"reply: {wrong}" for wrong in door.reply.validate(route.reply).items()]
    return said


def with_the_longest_ids(route):
    """Return the route with every id that it takes as long as the gateway lets one be."""
    query = route.path.partition("?")[1:]
    path = re.sub(r"\{\w+_id\}", LONGEST, route.rule) + "".join(query)
    return replace(route, path=path, body=_with_the_longest_ids(route.body))


def _with_the_longest_ids(body):
    match body:
        case dict():
            return {
                name: LONGEST if name.endswith("_id") else _with_the_longest_ids(value)
                for name, value in body.items()
            }
        case list():
            return [_with_the_longest_ids(each) for each in body]
    return body


def unread(answered):
    """Say what is wrong with the gateway's answer to a reply."""
    _, response = _sent(answered.route, answered.way.message)
    said = [] if response.status_code == answered.route.status else [response.text]
    if telling.NEW_FIELD in response.text:
        said.append("hands on a field that it does not know")
    return said


def who_may_use(route):
    """Return the policy of a route, and who may use the door that it asks: family, person or anonymous."""
    built = _built()[1]
    adapter = built.url_map.bind("portal.example")
    endpoint, _ = adapter.match("/api/v1" + route.path.partition("?")[0], method=route.method)
    service, method = route.call.split(".")
    needs = language.doors_of(service)[method].needs
    asked = "family" if needs.family else "person" if "person" in needs.accepts["gateway"] else "anonymous"
    return policy.of(built, endpoint), asked


def specification():
    """Return the OpenAPI document."""
    return _built()[1].extensions["openapi"]


def told_of(refusal, service):
    """Send some route of the service into a refusal; return the gateway's answer."""
    _, response = _sent(routes_to(service)[0], language.refused(refusal))
    return response


def _method(route):
    return route.call.partition(".")[2]


def _sent(route, reply):
    bus, built = _gateway(shared=not route.call.startswith("identity."))
    bus.calls.clear()
    bus.answers("identity.resolve_session", {"session": SESSION})
    bus.answers(route.call, reply)
    response = route.send(built.test_client(), headers={"Authorization": f"Bearer {TOKEN}"})
    return bus, response


def _gateway(*, shared):
    """Build a gateway, or take the one that is there: what identity says is kept a while."""
    return _built() if shared else _built.__wrapped__()


@functools.cache
def _built():
    bus = FakeBus()
    return bus, app.build(SETTINGS, clients.connect(bus, 2.0))
