"""What billing needs of others, in its own words: one module per service or provider.

Readers are tolerant: they take what they need and leave the rest. `Call` is what every door of billing works
with.
"""

from dataclasses import dataclass
from datetime import timedelta

from billing.ports.press import Press
from billing.ports.provider import Provider
from chassis.doors import call


@dataclass(frozen=True, slots=True)
class Ports:
    """What doors find as `call.ports`.

    `provider` takes the payments and reports to `notify_url`; `poll_minute` is how long a minute of the
    schedule lasts by which it is asked. `press` makes documents.
    """

    provider: Provider
    notify_url: str
    poll_minute: timedelta
    press: Press


Call = call.Call[Ports]
