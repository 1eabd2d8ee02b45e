"""Notify as it runs: it tells families by mail what happened, once per thing and person."""

from chassis.doors.providers import MadeOnce
from chassis.doors.service import service
from chassis.storage.outbox import Rows
from notify import settings
from notify.copies import doors as copies
from notify.copies.store import CopyStore
from notify.letters import doors as letters
from notify.news.store import NewsStore
from notify.outgoing import doors as outgoing
from notify.outgoing.store import MessageLog, MessageStore
from notify.ports import Ports
from notify.ports.mail_server import MailServer
from notify.ports.postman import Postman
from notify.preferences import doors as preferences
from notify.preferences.store import PreferencesStore
from notify.senders import contract as senders_contract
from notify.senders import doors as senders
from notify.senders.store import NotifySettingsStore
from notify.vocabulary import ROLES

EVENTS = senders_contract.EVENTS
REFUSALS = ("malformed", "forbidden", "not_found", "conflict")


def ports() -> Ports:
    """Make the ports of the settings, which it reads from the environment."""
    read = settings.read()
    server, domain = MailServer.at(read.smtp_url, read.smtp_ca_file), read.sender.address.rpartition("@")[2]
    return Ports(
        postman=lambda: Postman(server, read.smtp_timeout_s, domain),
        sender=read.sender,
        public_url=read.public_url,
        enabled=read.enabled,
        gather_s=read.gather_s,
    )


Notify = service(
    "notify",
    [copies, senders, preferences, outgoing, letters],
    stores=[CopyStore, NotifySettingsStore, PreferencesStore, MessageStore, MessageLog, NewsStore],
    events=EVENTS,
    sources=[Rows("outbox")],
    gauges=[MessageLog],
    roles=ROLES,
    providers={"outside": MadeOnce(ports)},
    ports=lambda worker: worker.outside,
)
