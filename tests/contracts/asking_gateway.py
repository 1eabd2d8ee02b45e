"""What the gateway asks of a service, held against the doors of that service: the shared half of these tests.

Each route of the gateway is sent over a bus of paper; the request that it makes must pass the door, its
context must be of a kind that the door lets in, and the reply that the gateway's own tests rely on must be
one that the door gives.
"""

from chassis.doors import RpcDoor
from gateway import app, clients
from gateway.settings import Settings
from tests.gateway.paper_bus import PaperBus
from tests.gateway.samples import ROUTES, SESSION, TOKEN

SETTINGS = Settings("http://portal.example", "carteville", "", 1, 2.0, 0, "a secret")


def doors(service_class):
    """Return the doors of a service by name."""
    found = {}
    for name in dir(service_class):
        for entrypoint in getattr(getattr(service_class, name), "nameko_entrypoints", ()):
            if isinstance(entrypoint, RpcDoor):
                found[name] = entrypoint
    return found


def routes_to(service):
    """Return the routes that end at a service."""
    return [route for route in ROUTES if route.call.startswith(service + ".")]


def for_the_gateway(service_class):
    """Return the names of the doors that the gateway may use."""
    return {name for name, door in doors(service_class).items() if "gateway" in door.accepts}


def asked_of(service):
    """Return the methods of a service that some route uses."""
    return {route.call.partition(".")[2] for route in routes_to(service)}


def faults(route, service_class):
    """Send the route and say what does not fit the service's door."""
    bus = PaperBus()
    bus.answers("identity.resolve_session", {"session": SESSION})
    bus.answers(route.call, route.reply)
    client = app.build(SETTINGS, clients.connect(bus, 2.0)).test_client()
    response = route.send(client, headers={"Authorization": f"Bearer {TOKEN}"})
    door = doors(service_class)[route.call.partition(".")[2]]
    said = [] if response.status_code == route.status else [response.text]
    for call in bus.asked(route.call):
        said += [f"request: {wrong}" for wrong in door.request.validate(call.request).items()]
        if call.context.kind not in door.accepts["gateway"]:
            said.append(f"context: {call.context.kind}")
    if door.reply is not None:
        said += [f"reply: {wrong}" for wrong in door.reply.validate(route.reply).items()]
    return said
