"""The account of a review: what is asked for, what of it is not charged now, and what is to be paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from booking.basket.model import Line
from booking.vocabulary import Action, ChargingMode, OfficeDue, Verdict

WAITING = frozenset({Verdict.WAITLISTED, Verdict.REQUESTED, Verdict.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Account:
    """The sums of a review, in cents: `asked_for`, less the four that follow it, is `due`.

    `given_back` is what its own cancellations give, of which `credits` takes what it can.
    """

    asked_for: int
    waiting: int
    invoiced: int
    wallet: int
    credits: int
    due: int
    given_back: int

    @property
    def own_credit(self) -> int:
        """What the cancellations of the same basket pay of it."""
        return min(self.given_back, self.credits)

    @property
    def earlier_credit(self) -> int:
        """What credit notes that were there before pay of it."""
        return self.credits - self.own_credit

    @property
    def left_over(self) -> int:
        """What of its cancellations stays a credit note for later."""
        return self.given_back - self.own_credit


def account(lines: Sequence[Line], offices: Iterable[OfficeDue]) -> Account:
    """Return the sums of a review; a line that will be refused costs nothing."""
    booked = [line for line in lines if line.action is Action.BOOK and _verdict(line) is not Verdict.REFUSED]
    cancelled = [
        line for line in lines if line.action is Action.CANCEL and _verdict(line) is Verdict.CANCELLED
    ]
    sure = [line for line in booked if _verdict(line) not in WAITING]
    dues = tuple(offices)
    return Account(
        asked_for=_cents(booked),
        waiting=_cents(line for line in booked if _verdict(line) in WAITING),
        invoiced=_cents(line for line in sure if line.facts.charging_mode is ChargingMode.INVOICED),
        wallet=_cents(line for line in sure if line.facts.charging_mode is ChargingMode.WALLET),
        credits=sum(each.credits_used_cents for each in dues),
        due=sum(each.amount_due_cents for each in dues),
        given_back=_cents(cancelled),
    )


def _verdict(line: Line) -> Verdict | None:
    return line.answer.verdict if line.answer else None


def _cents(lines: Iterable[Line]) -> int:
    return sum(line.facts.cost_cents or 0 for line in lines)
