"""What becomes of a message that was not handled."""

from types import SimpleNamespace

import amqp

from chassis.wire.consumer import Consumer


def test_what_could_not_be_begun_goes_back_to_its_queue_and_what_is_given_up_does_not():
    rejected = []
    message = amqp.Message(b"")
    message.delivery_info = {"delivery_tag": 7}
    message.channel = SimpleNamespace(
        connection="open", basic_reject=lambda tag, *, requeue: rejected.append((tag, requeue))
    )
    Consumer().requeue(message)
    Consumer().reject(message)
    assert rejected == [(7, True), (7, False)]
