"""What an operator does for mails that do not leave."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from chassis.values.scope import Scope
from notify.commands import main
from notify.outgoing.model import MessageState
from notify.outgoing.store import LEASE_S, MessageStore
from tests.notify.conftest import a_message

IN_HAND = timedelta(seconds=LEASE_S - 1)


@pytest.fixture
def messages(mongo_database):
    MessageStore.ensure_indexes(mongo_database)
    now = datetime.now(UTC)
    due = now + timedelta(minutes=40)
    MessageStore(mongo_database).keep_letter(
        Scope("o"),
        "receipt:",
        [
            a_message("refused", attempts=12, next_attempt_at=due),
            a_message("leased", attempts=1, next_attempt_at=now + IN_HAND),
            a_message("given-up", state=MessageState.FAILED, attempts=20, next_attempt_at=None),
            a_message("sent", state=MessageState.SENT, attempts=1, next_attempt_at=None),
        ],
    )
    collection = mongo_database["messages"]
    collection.update_one({"_id": "given-up"}, {"$set": {"last_answer": "550 no"}})
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
