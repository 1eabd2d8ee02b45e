"""What an operator does for mails that do not leave."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from chassis.values.scope import Scope
from notify.commands import main
from notify.outgoing.model import MessageState
from notify.outgoing.store import LEASE_S, MessageLog, MessageStore
from notify.vocabulary import RefusalReason
from tests.notify.conftest import NOW, a_message, keep_letter

FAILED = {"state": MessageState.FAILED, "next_attempt_at": None}
IN_HAND = timedelta(seconds=LEASE_S - 1)


@pytest.fixture
def messages(mongo_database):
    MessageStore.ensure_indexes(mongo_database)
    MessageLog.ensure_indexes(mongo_database)
    now = datetime.now(UTC)
    due = now + timedelta(minutes=40)
    keep_letter(
        mongo_database,
        Scope("o"),
        "receipt:",
        [
            a_message("refused", attempts=12, next_attempt_at=due),
            a_message("leased", attempts=1, next_attempt_at=now + IN_HAND, in_hand_until=now + IN_HAND),
            a_message(
                "gone", **FAILED, attempts=1, reason=RefusalReason.REFUSED, code=550, last_answer="550 no"
            ),
            a_message(
                "given-up",
                **FAILED,
                attempts=80,
                reason=RefusalReason.BUSY,
                code=451,
                last_answer="451 later",
            ),
            a_message("sent", state=MessageState.SENT, attempts=1, next_attempt_at=None),
        ],
    )
    return mongo_database["messages"]


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


def test_what_did_not_leave_is_listed_by_its_state(messages):
    assert run("list") == "gone  receipt  1  refused  550 no\n"
    assert run("list", "--state", "given_up") == "given-up  receipt  80  busy  451 later\n"
    assert run("list", "--state", "sending") == "leased  receipt  1  -  \n"
    assert run("list", "--state", "waiting") == "refused  receipt  12  -  \n"


def test_a_message_is_shown_with_what_became_of_it_and_without_what_it_says(messages):
    said = run("show", "gone")
    assert "state: failed\n" in said
    assert "reason: refused\n" in said
    assert "answer: 550 no\n" in said
    assert "<p>" not in said


def test_what_did_not_leave_can_be_sent_again_and_nothing_else_can(messages):
    assert run("replay", "gone", "sent", "leased", "unknown") == "1 replayed\n"
    again = messages.find_one({"_id": "gone"})
    assert (again["attempts"], again["created_at"].replace(tzinfo=UTC)) == (0, NOW)
    assert again["queued_at"] > again["created_at"]
    assert due(messages) == ["gone"]
    assert run("replay", "gone") == "0 replayed\n"
    assert run("list") == ""


def test_all_that_did_not_leave_for_one_reason_can_be_sent_again(messages):
    assert run("replay", "--reason", "busy") == "1 replayed\n"
    assert due(messages) == ["given-up"]


@pytest.mark.parametrize(
    "arguments", [["replay"], ["replay", "gone", "--reason", "busy"], ["show", "unknown"]]
)
def test_what_can_not_be_meant_is_refused(messages, arguments):
    assert CliRunner().invoke(main, arguments).exit_code != 0


def test_an_operator_sees_how_much_waits_and_since_when(messages):
    assert run("backlog") == "2 waiting, the oldest since 2026-11-09T08:00:00.000Z; 2 failed or given up\n"
    messages.delete_many({})
    assert run("backlog") == "0 waiting; 0 failed or given up\n"
