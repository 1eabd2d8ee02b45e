"""Carrying out the changes of one decision inside a transaction.

Entries, notes, charges, documents, events.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database

from billing.model import CashOffice, Changes, CreditNote, Payment, Settlement
from billing.rules.announcements import announcements
from billing.rules.numbers import Series, number_of, year_of
from billing.store.documents import (
    charge_document,
    note_document,
    office_document,
    payment_document,
    settlement_document,
)
from billing.store.journal import FloorReachedError, post
from billing.store.keys import DEFAULT_TIME_ZONE, key, organisation_of
from chassis.storage import outbox
from chassis.values.context import Context


def carry_out(
    database: Database[dict[str, Any]],
    session: ClientSession,
    context: Context | str,
    changes: Changes,
    now: datetime,
) -> Changes:
    """Keep everything that follows from a decision, and the events that tell of it.

    Give it back with its numbers.
    """
    organisation_id = organisation_of(context)
    for entry in changes.entries:
        post(database, session, organisation_id, entry, now)
    issued = tuple(_issue(database, session, organisation_id, note, now) for note in changes.issued)
    payment = changes.payment and _receipted(database, session, organisation_id, changes.payment, now)
    _use(database, session, organisation_id, changes)
    _charge(database, session, organisation_id, changes)
    if changes.settlement is not None:
        put_settlement(database, session, organisation_id, changes.settlement)
    if payment is not None:
        put_payment(database, session, organisation_id, payment)
    kept = replace(changes, issued=issued, payment=payment)
    _tell(database, session, context, kept, now)
    return kept


def put_settlement(
    database: Database[dict[str, Any]], session: ClientSession, organisation_id: str, settlement: Settlement
) -> None:
    """Write a settlement over what it was; the transaction that read it notices anybody in between."""
    document = settlement_document(settlement) | {"organisation_id": organisation_id}
    chosen = {"_id": key(organisation_id, settlement.id)}
    database["settlements"].replace_one(chosen, document, upsert=True, session=session)


def put_payment(
    database: Database[dict[str, Any]], session: ClientSession, organisation_id: str, payment: Payment
) -> None:
    """Write a payment over what it was, under the same protection."""
    document = payment_document(payment) | {"organisation_id": organisation_id}
    database["payments"].replace_one(
        {"_id": key(organisation_id, payment.id)}, document, upsert=True, session=session
    )


def _issue(
    database: Database[dict[str, Any]],
    session: ClientSession,
    organisation_id: str,
    note: CreditNote,
    now: datetime,
) -> CreditNote:
    number = _number(
        database, session, organisation_id, series=Series.CREDIT_NOTE, office=note.office, now=now
    )
    numbered = replace(note, number=number)
    document = note_document(numbered) | {
        "_id": key(organisation_id, note.id),
        "organisation_id": organisation_id,
    }
    database["credit_notes"].insert_one(document, session=session)
    return numbered


def _receipted(
    database: Database[dict[str, Any]],
    session: ClientSession,
    organisation_id: str,
    payment: Payment,
    now: datetime,
) -> Payment:
    number = _number(
        database, session, organisation_id, series=Series.RECEIPT, office=payment.office, now=now
    )
    return replace(payment, receipt_number=number)


def _number(  # noqa: PLR0913 - a number has this many parts
    database: Database[dict[str, Any]],
    session: ClientSession,
    organisation_id: str,
    *,
    series: Series,
    office: CashOffice,
    now: datetime,
) -> str:
    """Take the next number of a series; it is given back with the transaction if that fails, hence no gap."""
    organisation = database["organisations"].find_one(
        {"_id": organisation_id}, {"time_zone": 1}, session=session
    )
    year = year_of(now, organisation["time_zone"] if organisation else DEFAULT_TIME_ZONE)
    found = database["series"].find_one_and_update(
        {"_id": key(organisation_id, f"{series}:{office.id}:{year}")},
        {
            "$inc": {"last": 1},
            "$setOnInsert": {
                "organisation_id": organisation_id,
                "office": office_document(office),
                "year": year,
            },
        },
        upsert=True,
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    if found is None:
        raise LookupError("an upsert that returns the new document returns one")
    return number_of(series, office, year, int(found["last"]))


def _use(
    database: Database[dict[str, Any]], session: ClientSession, organisation_id: str, changes: Changes
) -> None:
    for use in changes.used:
        done = database["credit_notes"].update_one(
            {"_id": key(organisation_id, use.credit_note_id), "left_cents": {"$gte": use.amount_cents}},
            {"$inc": {"left_cents": -use.amount_cents}},
            session=session,
        )
        if not done.matched_count:
            raise FloorReachedError(f"credit note {use.credit_note_id}")


def _charge(
    database: Database[dict[str, Any]], session: ClientSession, organisation_id: str, changes: Changes
) -> None:
    if changes.charged:
        database["charges"].insert_many(
            [
                charge_document(charge)
                | {"_id": key(organisation_id, charge.booking_id), "organisation_id": organisation_id}
                for charge in changes.charged
            ],
            session=session,
        )
    for booking_id, cents in changes.credited:
        enough = {"$lte": [{"$add": ["$credited_cents", cents]}, "$charged_cents"]}
        done = database["charges"].update_one(
            {"_id": key(organisation_id, booking_id), "$expr": enough},
            {"$inc": {"credited_cents": cents}},
            session=session,
        )
        if not done.matched_count:
            raise FloorReachedError(f"charge of booking {booking_id}")


def _tell(
    database: Database[dict[str, Any]],
    session: ClientSession,
    context: Context | str,
    changes: Changes,
    now: datetime,
) -> None:
    rows = [
        outbox.row(
            told.name,
            context_or_org=context,
            aggregate_id=told.aggregate_id,
            sequence=told.sequence,
            data=told.data,
            occurred_at=now,
        )
        for told in announcements(changes, changes.settlement, now)
    ]
    if rows:
        database["outbox"].insert_many(rows, session=session)
