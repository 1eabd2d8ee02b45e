"""The queues of `meters`, the service of `lamps` that hears, and the service in the test's own process."""

import lamps

from chassis.testing import running

QUEUE = "meters.lamps.lamp_lit"
DEAD = "meters.dead"


def meters_running(database, **config):
    return running(lamps.Meters, MONGODB_DATABASE=database.name, **config)


def waits(channel, queue):
    return channel.queue_declare(queue, passive=True).message_count
