"""The way out: a family lists what was written to it, and the postman takes out what is due."""

import time
from datetime import timedelta

from chassis.doors.capabilities import may, own_account
from chassis.doors.rpc import rpc
from chassis.doors.timers import every
from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.storage.mongo import is_outage
from chassis.values.errors import Refused
from chassis.values.scope import Scope
from notify.copies.store import CopyStore
from notify.outgoing import contract, rules
from notify.outgoing.contract import GetMessage, ListMessages, ListOutgoing, ReplayOutgoing, Reply
from notify.outgoing.model import DeliveryState, Message
from notify.outgoing.render import mail_of, outgoing, summary
from notify.outgoing.store import LEASE_S, MessageLog, MessageStore
from notify.ports import Call
from notify.ports.postman import Postman, Refusal
from notify.senders.rules import sender_of
from notify.senders.store import NotifySettingsStore
from notify.vocabulary import RefusalReason, Sender

ROUND_S = 5.0
"""Letters wake the postman; by itself it looks for those that another copy wrote and did not take out."""
BATCH_MAX = 50
SETTLE_AGAIN_S = 0.5
CALLS_FOR_PEOPLE = frozenset({RefusalReason.UNTRUSTED, RefusalReason.LOGIN})
"""No waiting mends these."""

log = get_logger()


@rpc(own_account(), request=contract.ListMessagesRequest(), reply=contract.Messages())
def list_messages(call: Call, request: ListMessages) -> Reply:
    """Return the latest messages to the person's family; none for who belongs to no family."""
    messages = call.store(MessageStore).messages_of(call.scope, request.limit)
    return {"data": [summary(message, call.account_id) for message in messages]}


@rpc(own_account(), request=contract.GetMessageRequest(), reply=contract.OpenedMessage())
def get_message(call: Call, request: GetMessage) -> Reply:
    """Return a message to the person's family with what it says, read from then on. Refused: not_found."""
    message = call.store(MessageStore).read(call.scope, request.message_id, call.account_id)
    if message is None:
        raise Refused("not_found", "no message of this id")
    return {"message": {**summary(message, call.account_id), "text": message.content.text}}


@rpc(may("mail.read"), request=contract.ListOutgoingRequest(), reply=contract.Outgoing())
def list_outgoing(call: Call, request: ListOutgoing) -> Reply:
    """Return the organisation's messages in a state, with what became of each.

    Refused: forbidden where the grant is of a place, for mails are of none; not_found for a `before` that is
    not there.
    """
    scope, log_of = _everywhere(call), call.store(MessageLog)
    before = log_of.message(request.before, scope) if request.before else None
    if request.before and before is None:
        raise Refused("not_found", "no message of this id")
    now = call.now()
    found = log_of.page(scope, DeliveryState(request.state), now, request.limit, before)
    return {"data": [outgoing(message, now) for message in found]}


@rpc(may("mail.replay"), request=contract.ReplayOutgoingRequest(), reply=contract.Replayed())
def replay_outgoing(call: Call, request: ReplayOutgoing) -> Reply:
    """Put messages that failed or were given up back into the queue; what waits or was sent stays as it is.

    A message keeps its id, hence its Message-ID: a mailbox that has it already can tell. Refused: forbidden.
    """
    scope = _everywhere(call)
    replayed = call.store(MessageLog).replay(request.message_ids, scope)
    log.info(
        "mails_replayed", organisation_id=scope.organisation_id, asked=len(request.message_ids), done=replayed
    )
    return {"replayed": replayed}


def _everywhere(call: Call) -> Scope:
    if call.scope.centre_ids is not None or call.scope.cash_office_ids is not None:
        raise Refused("forbidden", "mails are of no centre and of no cash office")
    return call.scope


@every(seconds=ROUND_S)
def deliver(call: Call) -> timedelta | None:
    """Take out what is due, oldest first, and say within which time more will be."""
    if not call.ports.enabled:
        return None
    messages = call.store(MessageStore)
    with call.ports.postman() as postman:
        for _ in range(BATCH_MAX):
            now = call.now()
            message = messages.claim_due(now)
            if message is None:
                due = messages.next_due(now)
                return due - now if due else None
            if not _send(call, postman, message):
                return None
    return timedelta(0)


def _send(call: Call, postman: Postman, message: Message) -> bool:
    """Hand a message over; False when any would be refused, so that the next ones need not be tried."""
    failpoint("notify.deliver.before_mail")
    refusal = postman.send(mail_of(message, _sender(call, message)))
    failpoint("notify.deliver.after_mail")
    now = call.now()
    if refusal is None:
        _settle(call, rules.sent(message, now))
        failpoint("notify.deliver.after_note")
        return True
    settled = rules.refused(message, refusal.reason, refusal.code, refusal.words, now)
    _settle(call, settled)
    _tell(settled, refusal)
    return not rules.would_refuse_any(refusal.reason)


def _sender(call: Call, message: Message) -> Sender:
    """Return who the mail is from: the organisation of its family, as it stands and decided by now."""
    scope = Scope(message.organisation_id)
    organisation = call.store(CopyStore).organisation(scope)
    return sender_of(organisation, call.store(NotifySettingsStore).read(scope), call.ports.sender)


def _tell(message: Message, refusal: Refusal) -> None:
    """Log a refusal, without the server's words: they repeat the address."""
    log.warning(
        "mail_refused",
        message_id=message.id,
        reason=refusal.reason,
        code=refusal.code,
        attempts=message.attempts,
        state=message.state,
    )
    if refusal.reason in CALLS_FOR_PEOPLE:
        log.error("mail_server_unusable", reason=refusal.reason, code=refusal.code)


def _settle(call: Call, message: Message) -> None:
    """Write what became of an attempt, also when the database is away for a while.

    What is not written is sent a second time, after the lease; until then there is nothing better to do.
    """
    until = time.monotonic() + LEASE_S
    while True:
        try:
            call.store(MessageStore).settle(message)
        except Exception as error:
            if not is_outage(error) or time.monotonic() >= until:
                raise
            time.sleep(SETTLE_AGAIN_S)
        else:
            return
