"""The committed topology of the broker, and how it is rendered for one broker."""

import json

import pytest
from click.testing import CliRunner

from chassis.wire import topology
from deploy.rabbitmq import generate

HASHES = {name: f"hash of {name}" for name in (*generate.SERVICES, *generate.CALLERS, "administrator")}


def test_the_committed_definitions_are_what_the_services_say_and_accept():
    outcome = CliRunner().invoke(generate.main, ["--check"])
    assert outcome.exit_code == 0, outcome.output


def test_every_subscriber_has_a_handler_and_every_handler_a_producer():
    assert topology.disagreements(generate.read_services()) == []


def test_the_committed_file_holds_no_password():
    committed = json.loads(generate.FILE.read_text(encoding="utf-8"))
    assert {user["password_hash"] for user in committed["users"]} == {""}


def test_rendered_definitions_belong_to_one_virtual_host_and_carry_every_hash():
    rendered = generate.definitions("elsewhere", HASHES)
    kinds = ("permissions", "topic_permissions", "policies", "exchanges", "queues", "bindings")
    assert {each["vhost"] for kind in kinds for each in rendered[kind]} == {"elsewhere"}
    assert {user["name"]: user["password_hash"] for user in rendered["users"]} == HASHES


def test_only_the_administrator_may_do_everything():
    rendered = generate.definitions("elsewhere", HASHES)
    assert [user["name"] for user in rendered["users"] if user["tags"]] == ["administrator"]
    assert [each["user"] for each in rendered["permissions"] if each["configure"] == ".*"] == [
        "administrator"
    ]


def test_a_user_without_a_password_is_refused():
    with pytest.raises(KeyError, match="notify"):
        generate.definitions("elsewhere", {name: "x" for name in HASHES if name != "notify"})
