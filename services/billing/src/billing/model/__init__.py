"""What billing talks about: money, prices, avoirs, settlements, payments.

Frozen values of the standard library only; what follows from them stands in `rules`, how they are kept in
`store`.
"""

from billing.model.configuration import CashOffice, Mode, Tariff, Wallet
from billing.model.credits import Charge, CreditNote, CreditReason, CreditUse
from billing.model.money import SYSTEM_KINDS, Account, AccountKind, Entry, EntryKind, Leg
from billing.model.payments import (
    OPEN_PAYMENT_STATES,
    Outcome,
    Payment,
    PaymentAsk,
    PaymentState,
    ProviderResult,
    Result,
)
from billing.model.quotes import (
    AskedLine,
    ChargingMode,
    Credit,
    NoPrice,
    OfficeTotal,
    Price,
    Quote,
    QuoteLine,
)
from billing.model.settlements import (
    Announcement,
    Cancelled,
    Changes,
    HeldLine,
    Order,
    Part,
    PartLine,
    PartState,
    Promotion,
    Settlement,
)
from billing.model.wallets import Consumption, Expectation, WalletLine, WalletTotals

__all__ = [
    "OPEN_PAYMENT_STATES",
    "SYSTEM_KINDS",
    "Account",
    "AccountKind",
    "Announcement",
    "AskedLine",
    "Cancelled",
    "CashOffice",
    "Changes",
    "Charge",
    "ChargingMode",
    "Consumption",
    "Credit",
    "CreditNote",
    "CreditReason",
    "CreditUse",
    "Entry",
    "EntryKind",
    "Expectation",
    "HeldLine",
    "Leg",
    "Mode",
    "NoPrice",
    "OfficeTotal",
    "Order",
    "Outcome",
    "Part",
    "PartLine",
    "PartState",
    "Payment",
    "PaymentAsk",
    "PaymentState",
    "Price",
    "Promotion",
    "ProviderResult",
    "Quote",
    "QuoteLine",
    "Result",
    "Settlement",
    "Tariff",
    "Wallet",
    "WalletLine",
    "WalletTotals",
]
