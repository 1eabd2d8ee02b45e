"""An attempt to pay online: one try at one provider, which ends in no payment or in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from billing.credit_notes.model import Movements
from billing.offices.model import CashOffice
from billing.payments.model import Payment
from billing.settlements.model import Part, Settlement
from billing.vocabulary import Machine, Result


class AttemptState(StrEnum):
    """Where an attempt stands; only `paid` and `quarantined` never change again."""

    CREATED = "created"  # the intent is kept, the provider may not know it yet
    REDIRECTED = "redirected"  # the provider gave a page
    CHECKING = "checking"  # a look-up found it undecided
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    EXPIRED = "expired"
    QUARANTINED = "quarantined"  # paid, and not what was asked for: a cashier has to find out


OPEN_STATES = frozenset({AttemptState.CREATED, AttemptState.REDIRECTED, AttemptState.CHECKING})
FINAL_STATES = frozenset({AttemptState.PAID, AttemptState.QUARANTINED})
_TOLD = {
    Result.PENDING.value: AttemptState.CHECKING,
    Result.PAID.value: AttemptState.PAID,
    Result.REFUSED.value: AttemptState.REFUSED,
    Result.ABANDONED.value: AttemptState.ABANDONED,
    Result.EXPIRED.value: AttemptState.EXPIRED,
    "contradicted": AttemptState.QUARANTINED,
}
"""What the provider may tell of an attempt, at any time: who was refused or went away can go back and pay."""

ATTEMPT = Machine(
    AttemptState,
    {
        (None, "start"): AttemptState.CREATED,
        (AttemptState.CREATED, "redirect"): AttemptState.REDIRECTED,
        (AttemptState.CREATED, "run out"): AttemptState.EXPIRED,
        **{
            (state, told): after
            for state in AttemptState
            if state not in FINAL_STATES
            for told, after in _TOLD.items()
        },
    },
    FINAL_STATES,
)


@dataclass(frozen=True, slots=True)
class AttemptPart:
    """What an attempt is to pay of one settlement, at the attempt's cash office."""

    settlement_id: str
    amount_cents: int


class Checked(StrEnum):
    """What a cashier found out about a quarantined attempt."""

    CREDITED = "credited"  # money came: it is a credit note now
    NOTHING_CAME = "nothing_came"


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a quarantine ended: `amount_cents` is the money that came, `actor` who found out."""

    outcome: Checked
    amount_cents: int
    resolved_at: datetime
    actor: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quarantine:
    """What a provider said that contradicts what it was asked for; open until a cashier resolves it.

    The release before kept nothing of what was said.
    """

    began_at: datetime
    reported_cents: int | None = None
    reported_reference: str | None = None
    is_test: bool = False
    authorisation: str | None = None
    paid_at: datetime | None = None
    resolution: Resolution | None = None


@dataclass(frozen=True, slots=True)
class PaymentAttempt:
    """One try to pay parts of one cash office; its id is the reference given to the provider.

    `amount_cents` is what the parts come to. `look_up_at` is when the provider is asked what became of it,
    `looked_at` when that was last begun, `hinted` whether news was told of since. `quarantine` is why a
    quarantined one is.
    """

    id: str
    family_id: str
    account_id: str
    office: CashOffice
    parts: tuple[AttemptPart, ...]
    amount_cents: int
    state: AttemptState
    body_sha256: str
    started_at: datetime
    expires_at: datetime
    payer: str = ""
    provider_reference: str | None = None
    page_url: str | None = None
    look_up_at: datetime | None = None
    look_ups: int = 0
    looked_at: datetime | None = None
    hinted: bool = False
    quarantine: Quarantine | None = None


@dataclass(frozen=True, slots=True)
class AttemptAsk:
    """A person's wish to pay what one cash office asks for some orders; `payer` is for the history.

    No order named: all that can be paid at the cash office. No cash office: the first at which the first
    order is due. `page_open` is how long the organisation lets its page stand open.
    """

    attempt_id: str
    family_id: str
    account_id: str
    settlement_ids: tuple[str, ...]
    cash_office_id: str | None
    body_sha256: str
    payer: str
    page_open: timedelta


@dataclass(frozen=True, slots=True)
class Debt:
    """A part that is to be paid, in its settlement; `current` is the latest attempt at it.

    `being_checked`: an attempt at it is in quarantine.
    """

    settlement: Settlement
    part: Part
    current: PaymentAttempt | None = None
    being_checked: bool = False


@dataclass(frozen=True, slots=True)
class PageOpen:
    """Why nothing is begun: an earlier page of a part may still be paid, `until` then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look-up does to an attempt."""

    state: AttemptState
    look_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class Booked:
    """What follows from a payment: `settled` are the parts that have their money, each in its settlement."""

    payment: Payment
    moved: Movements
    settled: tuple[tuple[Settlement, Part], ...]
