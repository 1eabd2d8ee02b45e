"""What an operator does for mails that do not leave."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from notify.commands import main
from notify.outgoing.store import LEASE_S

IN_HAND = timedelta(seconds=LEASE_S - 1)


@pytest.fixture
def messages(mongo_database):
    collection = mongo_database["messages"]
    collection.create_index("created_at", partialFilterExpression={"state": "failed"}, name="failed")
    now = datetime.now(UTC)
    rows = [
        {"_id": "refused", "state": "queued", "attempts": 12, "next_attempt_at": now + timedelta(minutes=40)},
        {"_id": "leased", "state": "queued", "attempts": 1, "next_attempt_at": now + IN_HAND},
        {"_id": "given-up", "state": "failed", "kind": "receipt", "attempts": 20, "last_answer": "550 no"},
        {"_id": "sent", "state": "sent", "attempts": 1, "next_attempt_at": None},
    ]
    collection.insert_many(
        {"organisation_id": "o", "dedupe_key": row["_id"], "created_at": now, **row} for row in rows
    )
    return collection


def run(*arguments):
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def due(messages):
    """Who would be taken out now, or a second later: the database has a clock of its own."""
    soon = datetime.now(UTC) + timedelta(seconds=1)
    return messages.distinct("_id", {"state": "queued", "next_attempt_at": {"$lte": soon}})


def test_what_was_refused_for_now_can_be_hurried_and_what_is_in_hand_is_left_to_its_postman(messages):
    assert due(messages) == []
    assert run("hurry") == "1 hurried\n"
    assert due(messages) == ["refused"]


def test_what_was_given_up_is_listed_and_can_be_sent_again_and_nothing_else_can(messages):
    assert run("failed") == "given-up  receipt  20  550 no\n"
    assert run("again", "given-up", "sent") == "given-up  queued\nsent  no failed message\n"
    assert messages.find_one({"_id": "given-up"})["attempts"] == 0
    assert due(messages) == ["given-up"]
    assert run("failed") == ""
