"""Payments as documents."""

from collections.abc import Mapping
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

from billing.attempts.model import Payment, PaymentState
from billing.copies.store import key
from billing.offices.store import office_document, office_from
from billing.vocabulary import Document


def put_payment(
    database: Database[dict[str, Any]], session: ClientSession, organisation_id: str, payment: Payment
) -> None:
    """Write a payment over what it was, under the same protection."""
    document = payment_document(payment) | {"organisation_id": organisation_id}
    database["payments"].replace_one(
        {"_id": key(organisation_id, payment.id)}, document, upsert=True, session=session
    )


def payment_document(payment: Payment) -> Document:
    """Write a payment without its key; `look_up_at` and the provider's reference only where they exist."""
    document: Document = {
        "id": payment.id,
        "settlement_id": payment.settlement_id,
        "family_id": payment.family_id,
        "account_id": payment.account_id,
        "office": office_document(payment.office),
        "amount_cents": payment.amount_cents,
        "state": payment.state.value,
        "body_sha256": payment.body_sha256,
        "started_at": payment.started_at,
        "expires_at": payment.expires_at,
        "payer": payment.payer,
        "look_ups": payment.look_ups,
    }
    optional = {
        "provider_reference": payment.provider_reference,
        "page_url": payment.page_url,
        "receipt_number": payment.receipt_number,
        "authorisation": payment.authorisation,
        "paid_at": payment.paid_at,
        "look_up_at": payment.look_up_at,
    }
    return document | {name: value for name, value in optional.items() if value is not None}


def payment_from(found: Mapping[str, Any]) -> Payment:
    """Read a payment."""
    return Payment(
        id=found["id"],
        settlement_id=found["settlement_id"],
        family_id=found["family_id"],
        account_id=found["account_id"],
        office=office_from(found["office"]),
        amount_cents=found["amount_cents"],
        state=PaymentState(found["state"]),
        body_sha256=found["body_sha256"],
        started_at=found["started_at"],
        expires_at=found["expires_at"],
        payer=found["payer"],
        provider_reference=found.get("provider_reference"),
        page_url=found.get("page_url"),
        receipt_number=found.get("receipt_number"),
        authorisation=found.get("authorisation"),
        paid_at=found.get("paid_at"),
        look_up_at=found.get("look_up_at"),
        look_ups=found["look_ups"],
    )
