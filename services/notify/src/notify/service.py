"""The doors of notify: events become letters, letters become messages, and the postman takes them out."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from nameko.extensions import DependencyProvider

from chassis.doors.events import on_event
from chassis.doors.providers import ClockProvider
from chassis.doors.rpc import rpc
from chassis.doors.timers import every
from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.storage.mongo import Mongo, is_outage
from chassis.storage.outbox import EventType
from chassis.storage.outbox.sources import Db
from chassis.values.context import Context
from chassis.values.errors import Refused
from chassis.values.event import Event
from chassis.values.ids import derived_id
from notify.copies.store import CopyStore
from notify.letters.model import Letter
from notify.letters.render import render
from notify.letters.rules import dedupe_key, letter_of
from notify.outgoing import contract, rules
from notify.outgoing.model import Message, State
from notify.outgoing.render import mail_of, summary
from notify.outgoing.store import LEASE_S, MessageStore
from notify.ports import billing, booking
from notify.ports.family import read_family
from notify.ports.identity import read_organisation
from notify.ports.postman import Postman
from notify.settings import Settings, read
from notify.vocabulary import Contact, Family, Organisation

EVENTS: dict[str, EventType] = {}
REFUSALS = contract.REFUSALS

log = get_logger()

BATCH_MAX = 50
SETTLE_AGAIN_S = 0.5


class SettingsProvider(DependencyProvider):
    """Gives every worker the settings, read when the container starts."""

    def setup(self) -> None:
        """Read the environment; what is missing ends the start."""
        self.settings = read()

    def get_dependency(self, worker_ctx: object) -> Settings:  # noqa: ARG002 - nameko's signature
        """The same settings for all."""
        return self.settings


class Store:
    """What the nouns of notify remember, in one database."""

    def __init__(self, database: Db) -> None:
        self.copies = CopyStore(database)
        self.messages = MessageStore(database)

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create what is missing; called at every start."""
        for store in (CopyStore, MessageStore):
            store.ensure_indexes(database)


class Notify:
    """Tells families by mail what happened, once per thing and person, and keeps what it told."""

    name: ClassVar[str] = "notify"
    store = Mongo(Store)
    clock = ClockProvider()
    settings: Settings = SettingsProvider()

    @rpc(accepts={"gateway": {"person"}}, request=contract.ListMessages(), reply=contract.Messages())
    def list_messages(self, context: Context, request: dict[str, Any]) -> dict[str, Any]:
        """Return the latest messages to the caller's family."""
        if context.family_id is None or context.organisation_id is None:
            return {"data": []}
        messages = self.store.messages.messages_of(
            context.organisation_id, context.family_id, request["limit"]
        )
        return {"data": [summary(message) for message in messages]}

    @on_event("identity", "organisation_changed")
    def on_organisation_changed(self, event: Event) -> None:
        """Know who writes."""
        failpoint("notify.organisation_changed.before_write")
        self.store.copies.keep_organisation(read_organisation(event.data), event.sequence)
        failpoint("notify.organisation_changed.after_write")

    @on_event("family", "family_changed")
    def on_family_changed(self, event: Event) -> None:
        """Know whom to write to."""
        failpoint("notify.family_changed.before_write")
        self.store.copies.keep_family(event.organisation_id, read_family(event.data), event.sequence)
        failpoint("notify.family_changed.after_write")

    @on_event("booking", "confirmation_answered")
    def on_confirmation_answered(self, event: Event) -> None:
        """Tell what became of every line."""
        self._tell(event, booking.read_fact)

    @on_event("booking", "seat_promoted")
    def on_seat_promoted(self, event: Event) -> None:
        """Tell of a seat won from the waiting list; one still to be paid is told by `payment_asked`."""
        self._tell(event, booking.read_fact)

    @on_event("booking", "hold_expired")
    def on_hold_expired(self, event: Event) -> None:
        """Tell of a seat freed for want of payment."""
        self._tell(event, booking.read_fact)

    @on_event("booking", "seat_lost")
    def on_seat_lost(self, event: Event) -> None:
        """Tell of a payment that came too late."""
        self._tell(event, booking.read_fact)

    @on_event("billing", "payment_asked")
    def on_payment_asked(self, event: Event) -> None:
        """Tell of a seat won that waits for its payment."""
        self._tell(event, billing.read_fact)

    @on_event("billing", "payment_settled")
    def on_payment_settled(self, event: Event) -> None:
        """Send the receipt."""
        self._tell(event, billing.read_fact)

    @on_event("billing", "credit_note_issued")
    def on_credit_note_issued(self, event: Event) -> None:
        """Tell of an avoir."""
        self._tell(event, billing.read_fact)

    @every(seconds=0.25)
    def deliver(self) -> None:
        """Take out what is due, oldest first."""
        settings = self.settings
        if not settings.enabled:
            return
        with Postman(settings.smtp_url, settings.smtp_timeout_s, settings.sender) as postman:
            for _ in range(BATCH_MAX):
                message = self.store.messages.claim_due(self.clock.now())
                if message is None or not self._send(postman, message):
                    return

    def _tell(self, event: Event, read_fact: Callable[[str, Mapping[str, Any]], dict[str, Any]]) -> None:
        letter = letter_of(event.name, read_fact(event.name, event.data))
        if letter is None or not self.settings.enabled:
            return
        organisation, family = self._correspondents(event.organisation_id, letter.family_id)
        now = self.clock.now()
        failpoint("notify.tell.before_write")
        self.store.messages.keep_messages(
            self._message(letter, organisation, family, contact, now) for contact in family.contacts
        )
        failpoint("notify.tell.after_write")

    def _correspondents(self, organisation_id: str, family_id: str) -> tuple[Organisation, Family]:
        """Return who writes to whom; not yet heard of, the event is tried again a little later."""
        organisation = self.store.copies.organisation(organisation_id)
        family = self.store.copies.family(organisation_id, family_id)
        if organisation is None or family is None:
            raise Refused("not_found", "the family or its organisation is not known here yet")
        return organisation, family

    def _message(
        self, letter: Letter, organisation: Organisation, family: Family, contact: Contact, now: datetime
    ) -> Message:
        key = dedupe_key(letter, contact.email)
        return Message(
            id=derived_id(organisation.id, key),
            organisation_id=organisation.id,
            family_id=family.id,
            kind=letter.kind,
            dedupe_key=key,
            recipient=contact,
            content=render(letter, organisation, contact, family.language, self.settings.public_url),
            state=State.QUEUED,
            attempts=0,
            created_at=now,
            next_attempt_at=now,
            sent_at=None,
        )

    def _send(self, postman: Postman, message: Message) -> bool:
        """Hand a message over; False when the server is away, so that the next ones need not be tried."""
        failpoint("notify.deliver.before_mail")
        refusal = postman.send(mail_of(message))
        failpoint("notify.deliver.after_mail")
        now = self.clock.now()
        if refusal is None:
            self._settle(message, State.SENT, now, None, "")
            failpoint("notify.deliver.after_note")
            return True
        away = rules.is_away(refusal.code)
        if away:
            message = replace(message, attempts=message.attempts - 1)
            state, again = rules.while_away(message.created_at, now)
        else:
            state, again = rules.after_refusal(refusal.code, message.attempts, now)
        self._settle(message, state, now, again, f"{refusal.code} {refusal.words}"[:300])
        log.warning("mail_refused", message_id=message.id, code=refusal.code, attempts=message.attempts)
        return not away

    def _settle(
        self, message: Message, state: State, now: datetime, again: datetime | None, why: str
    ) -> None:
        """Write what became of an attempt, also when the database is away for a while.

        What is not written is sent a second time, after the lease; until then there is nothing better to do.
        """
        until = time.monotonic() + LEASE_S
        while True:
            try:
                self.store.messages.settle(message, state, now, again, why)
            except Exception as error:
                if not is_outage(error) or time.monotonic() >= until:
                    raise
                time.sleep(SETTLE_AGAIN_S)
            else:
                return
