"""The memory of what organisations decide about the sender of their mails."""

from chassis.storage.organisation_settings import SettingsStore
from notify.senders.model import NotifySettings


class NotifySettingsStore(SettingsStore[NotifySettings]):
    """What organisations decide about the sender of their mails."""

    kind = NotifySettings
    event = "notify_settings_changed"
