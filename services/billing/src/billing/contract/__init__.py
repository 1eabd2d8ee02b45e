"""Billing's published language, version 1: what its doors accept and answer, and the events that it tells.

One golden example of every message lies in `contract/v1/` of the service's folder.
"""

from marshmallow import Schema

from billing.contract.balance import CreditNoteList, ListWalletsRequest, SettlementDueList, WalletList
from billing.contract.events import EVENTS
from billing.contract.paying import (
    GetPaymentRequest,
    Nothing,
    PaymentList,
    PaymentReply,
    RecordedPayment,
    RecordPaymentRequest,
    StartPaymentReply,
    StartPaymentRequest,
)
from billing.contract.settling import Quote, QuoteRequest, Settled, SettleRequest

VERSION = 1

RPCS: dict[str, tuple[Schema, Schema]] = {
    "quote": (QuoteRequest(), Quote()),
    "settle": (SettleRequest(), Settled()),
    "start_payment": (StartPaymentRequest(), StartPaymentReply()),
    "record_payment": (RecordPaymentRequest(), RecordedPayment()),
    "get_payment": (GetPaymentRequest(), PaymentReply()),
    "list_wallets": (ListWalletsRequest(), WalletList()),
    "list_payments": (Nothing(), PaymentList()),
    "list_credit_notes": (Nothing(), CreditNoteList()),
    "list_settlements_due": (Nothing(), SettlementDueList()),
}

REFUSALS = (
    "malformed",
    "forbidden",
    "not_found",
    "conflict",
    "no_tariff",
    "no_wallet",
    "nothing_due",
    "hold_expired",
    "idempotency_mismatch",
    "email_missing",
    "provider_unavailable",
)

__all__ = [
    "EVENTS",
    "REFUSALS",
    "RPCS",
    "VERSION",
    "CreditNoteList",
    "GetPaymentRequest",
    "ListWalletsRequest",
    "Nothing",
    "PaymentList",
    "PaymentReply",
    "Quote",
    "QuoteRequest",
    "RecordPaymentRequest",
    "RecordedPayment",
    "SettleRequest",
    "Settled",
    "SettlementDueList",
    "StartPaymentReply",
    "StartPaymentRequest",
    "WalletList",
]
