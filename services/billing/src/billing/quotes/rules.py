"""The prices of a basket, what its cancellations give back, and what stays to be paid per cash office."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from billing.credit_notes.model import Charge, CreditNote
from billing.offices.model import CashOffice
from billing.quotes.model import AskedLine, Credit, NoPrice, OfficeTotal, Quote, QuoteLine
from billing.tariffs.model import Price, Tariff
from billing.tariffs.rules import price_of
from billing.vocabulary import ChargingMode
from billing.wallets.model import Wallet
from billing.wallets.rules import wallet_for


def price_line(asked: AskedLine, tariffs: Sequence[Tariff], wallets: Sequence[Wallet]) -> QuoteLine | NoPrice:
    """Return one line of a basket with its price, or what keeps it from having one."""
    if asked.charging_mode is ChargingMode.FREE:
        return _priced(asked, Price(0, ({"step": "free", "price_cents": 0},)), None)
    price = price_of(tariffs, asked.activity_id, asked.day)
    if price is None:
        return _unpriced(asked, "no_tariff")
    wallet = wallet_for(wallets, asked.activity_group, asked.charging_mode)
    if wallet is None:
        return _unpriced(asked, "no_wallet")
    return _priced(asked, price, wallet)


def price_lines(
    asked: Iterable[AskedLine], tariffs: Sequence[Tariff], wallets: Sequence[Wallet]
) -> tuple[list[QuoteLine], list[NoPrice]]:
    """Return the lines that have a price, and those that lack a tariff or a wallet."""
    lines = [price_line(line, tariffs, wallets) for line in asked]
    return (
        [line for line in lines if isinstance(line, QuoteLine)],
        [line for line in lines if isinstance(line, NoPrice)],
    )


def quote(  # noqa: PLR0913 - named one by one
    *,
    quote_id: str,
    family_id: str,
    lines: Sequence[QuoteLine],
    given_back: Sequence[Credit],
    notes: Sequence[CreditNote],
    now: datetime,
    promised_for: timedelta,
) -> Quote:
    """Return the prices of `lines`, frozen for a while; `notes` are the family's free credit notes."""
    return Quote(
        id=quote_id,
        family_id=family_id,
        made_at=now,
        expires_at=now + promised_for,
        lines=tuple(lines),
        credits=tuple(given_back),
        totals=totals(lines, given_back, notes),
    )


def credit_expected(line: int, booking_id: str, charge: Charge | None) -> Credit:
    """Return what cancelling a booking in time gives back: what was charged to the family, if anything."""
    if charge is None:
        return Credit(line, booking_id, 0, None)
    return Credit(line, booking_id, charge.charged_cents - charge.credited_cents, charge.office)


def totals(
    lines: Iterable[QuoteLine], given_back: Sequence[Credit], notes: Sequence[CreditNote]
) -> tuple[OfficeTotal, ...]:
    """Return what is paid at once per cash office, less what the basket cancels and free credit notes."""
    payable = [(line.office, line.price_cents) for line in lines if paid_at_once(line)]
    offices = {office for office, _ in payable if office} | {
        credit.office for credit in given_back if credit.office
    }
    return tuple(_total(office, payable, given_back, notes) for office in sorted(offices))


def paid_at_once(line: QuoteLine) -> bool:
    """Tell whether a line enters the amount due: prepaid, and not expected on a waiting list."""
    return line.charging_mode is ChargingMode.PREPAID and line.charged


def _total(
    office: CashOffice,
    payable: Sequence[tuple[CashOffice | None, int]],
    given_back: Sequence[Credit],
    notes: Sequence[CreditNote],
) -> OfficeTotal:
    bookings = sum(cents for at, cents in payable if at == office)
    cancellations = sum(credit.amount_cents for credit in given_back if credit.office == office)
    free = sum(note.left_cents for note in notes if note.office.id == office.id)
    used = min(bookings, cancellations + free)
    return OfficeTotal(
        office=office,
        bookings_cents=bookings,
        cancellations_cents=cancellations,
        credits_used_cents=used,
        amount_due_cents=bookings - used,
    )


def _priced(asked: AskedLine, price: Price, wallet: Wallet | None) -> QuoteLine:
    return QuoteLine(
        line=asked.line,
        booking_id=asked.booking_id,
        activity_id=asked.activity_id,
        day=asked.day,
        charging_mode=asked.charging_mode,
        price_cents=price.cents,
        office=wallet.office if wallet else None,
        wallet_id=wallet.id if wallet else None,
        trace=price.trace,
        charged=asked.charged,
    )


def _unpriced(asked: AskedLine, code: str) -> NoPrice:
    return NoPrice(code, asked.line, asked.activity_id, asked.activity_group, asked.day)
