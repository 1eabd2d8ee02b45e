"""What becomes of a message: answered, put back or given up."""

from types import SimpleNamespace

import amqp

from chassis.doors.rpc import RpcConsumer
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


def test_a_request_is_answered_before_it_is_acknowledged():
    """Its service may die in between: then another copy is asked meanwhile."""
    done = []
    requests = RpcConsumer()
    requests.responder = SimpleNamespace(reply=lambda *_answer: done.append("answered"))
    requests.consumer = SimpleNamespace(ack=lambda _message: done.append("acknowledged"))
    requests.finish(amqp.Message(b""), {"text": "salut"})
    assert done == ["answered", "acknowledged"]
