"""Who a mail is from."""

from notify.senders.model import NotifySettings
from notify.vocabulary import Organisation, Sender


def sender_of(organisation: Organisation | None, decided: NotifySettings, shared: Sender) -> Sender:
    """Return who a mail of the organisation is from; of one that was never heard of, as all share it."""
    known = organisation.name if organisation else shared.name
    return Sender(
        name=decided.sender_name or known,
        address=decided.sender_address or shared.address,
        reply_to=decided.reply_to or shared.reply_to,
    )
