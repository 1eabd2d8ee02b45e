"""The files that an operator imports: one schema per kind of row."""

from marshmallow import Schema, validate

from billing.vocabulary import DayPart
from billing.wallets.model import CarriedKind, Mode
from chassis.values.fields import written
from chassis.values.tables import cells
from chassis.values.text import Text

PRICE_CENTS_MAX = 1_000_000

_OFFICE = validate.Regexp(r"\A[A-Za-z0-9_]+\Z", error="Expected letters without accents, digits and _ only.")


class OfficeRow(Schema):
    """A line of cash_offices.csv."""

    reference = Text(max_length=20, required=True, validate=_OFFICE)
    name = written(longest=120)


class WalletRow(Schema):
    """A line of wallets.csv."""

    reference = cells.reference()
    name = written(longest=120)
    activity_group = written(longest=120)
    cash_office_reference = cells.reference(longest=20)
    mode = cells.Choice(Mode)
    may_owe_cents = cells.Cents(most=PRICE_CENTS_MAX, default=0)


class WalletEntryRow(Schema):
    """A line of wallet_entries.csv: what a family's wallet was debited or topped up elsewhere."""

    reference = cells.reference()
    family_reference = cells.reference()
    wallet_reference = cells.reference()
    day = cells.Day()
    kind = cells.Choice(CarriedKind)
    label = written(longest=120)
    amount_cents = cells.Cents(most=PRICE_CENTS_MAX, least=1)


class TariffRow(Schema):
    """A line of tariffs.csv; without `valid_to` the price has no end."""

    activity_reference = cells.reference()
    price_cents = cells.Cents(most=PRICE_CENTS_MAX)
    valid_from = cells.Day()
    valid_to = cells.Day(default=None)


class PaidBookingRow(Schema):
    """A line of paid_bookings.csv: a prepaid booking that was paid before this program kept the books."""

    child_reference = cells.reference()
    family_reference = cells.reference()
    activity_reference = cells.reference()
    activity_group = written(longest=120, default=None)
    centre_reference = cells.reference()
    day = cells.Day()
    day_part = cells.Choice(DayPart)
    price_cents = cells.Cents(most=PRICE_CENTS_MAX)
