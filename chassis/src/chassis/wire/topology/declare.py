"""The definitions declared over AMQP, for a broker to which only a connection was given."""

from chassis.wire import bus
from chassis.wire.topology.build import Definitions
from chassis.wire.topology.limits import limits_of


def declare(amqp_uri: str, definitions: Definitions) -> None:
    """Declare the exchanges, queues and bindings of `definitions` in the virtual host of the URI.

    AMQP knows no policies: here the limits of a queue are its arguments, and stay as long as it does.
    """
    connection = bus.connect(amqp_uri, name="topology", timeout_s=10)
    try:
        channel = connection.channel()
        for exchange in definitions["exchanges"]:
            channel.exchange_declare(exchange["name"], exchange["type"], durable=True, auto_delete=False)
        for queue in definitions["queues"]:
            arguments = dict(queue["arguments"])
            if arguments:  # the queues of requests are declared as nameko does, and have none
                limits = limits_of(queue["name"], definitions["policies"])
                arguments.update({f"x-{name}": value for name, value in limits.items()})
            channel.queue_declare(queue["name"], durable=True, auto_delete=False, arguments=arguments)
        for binding in definitions["bindings"]:
            channel.queue_bind(binding["destination"], binding["source"], binding["routing_key"])
    finally:
        connection.close()
