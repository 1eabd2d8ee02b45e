"""What becomes of a mail at a mail server, over which way, and what becomes of those after it."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from notify.ports.mail_server import MailServer, Tls
from notify.ports.mime import Mail
from notify.ports.postman import Postman
from notify.vocabulary import RefusalReason, Sender

HERE = "127.0.0.1"
TOWN = Sender("Mairie de Carteville", "portail@mairie-élan.example")
PROGRAM = Path(__file__).parents[1] / "mail_server.py"
PATIENCE_S, HURRY_S = 10.0, 1.0


def a_mail(email="come@x.example"):
    return Mail("m1", TOWN, "Côme", email, "s", "t\n", "<p>h</p>\n", datetime(2026, 11, 9, 8, tzinfo=UTC))


class Running:
    """A mail server in a process of its own."""

    def __init__(self, *options):
        command = [sys.executable, str(PROGRAM), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def took(self):
        """The next mail that it took."""
        return json.loads(self.process.stdout.readline())

    def end(self):
        """End it; what it took and nobody has looked at."""
        self.process.kill()
        said, _ = self.process.communicate()
        return [json.loads(line) for line in said.splitlines()]


@pytest.fixture
def start():
    started = []

    def begin(*options):
        started.append(Running(*options))
        return started[-1]

    yield begin
    for each in started:
        with each.process:
            each.process.kill()


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def of_authority(authority, tmp_path):
    """Makes the files of certificates: what clients trust, and what a server for `host` shows."""
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))

    def make(host, by=authority):
        shown = tmp_path / f"{host}.pem"
        by.issue_cert(host).private_key_and_cert_chain_pem.write_to_path(str(shown))
        return str(trusted), str(shown)

    return make


def postman(url, ca_file=None, patience_s=PATIENCE_S):
    return Postman(MailServer.at(url, ca_file), patience_s, "carteville.example")


def sent(url, ca_file=None, mail=None, patience_s=PATIENCE_S):
    """The reason for which the mail was not taken; None when it was."""
    with postman(url, ca_file, patience_s) as one:
        refusal = one.send(mail or a_mail())
    return refusal and refusal.reason


WAYS = {"smtps": "start", "smtp": "starttls", "smtp+plain": "starttls"}


@pytest.mark.parametrize("scheme", WAYS)
def test_a_mail_goes_encrypted_to_a_server_that_shows_the_right_certificate(start, of_authority, scheme):
    trusted, shown = of_authority(HERE)
    server = start("--tls", WAYS[scheme], "--certificate", shown)
    assert sent(f"{scheme}://{HERE}:{server.port}", trusted) is None
    assert server.took()["tls"] is (scheme != "smtps")  # from the start, aiosmtpd itself does not know of it


@pytest.mark.parametrize("scheme", WAYS)
@pytest.mark.parametrize("wrong", ["of another host", "of nobody who is trusted"])
def test_no_mail_goes_to_a_server_that_shows_a_wrong_certificate(start, of_authority, scheme, wrong):
    host, by = ("other.example", {}) if wrong == "of another host" else (HERE, {"by": trustme.CA()})
    trusted, shown = of_authority(host, **by)
    server = start("--tls", WAYS[scheme], "--certificate", shown)
    assert sent(f"{scheme}://{HERE}:{server.port}", trusted) is RefusalReason.UNTRUSTED
    assert server.end() == []


def test_the_systems_certificates_count_where_no_file_is_named(start, of_authority):
    _, shown = of_authority(HERE)
    server = start("--tls", "starttls", "--certificate", shown)
    assert sent(f"smtp://{HERE}:{server.port}") is RefusalReason.UNTRUSTED


def test_no_mail_goes_in_the_clear_when_starttls_is_offered_no_more(start):
    server = start()
    assert sent(f"smtp://{HERE}:{server.port}") is RefusalReason.UNTRUSTED
    assert server.end() == []


def test_to_a_catcher_a_mail_goes_in_the_clear_where_that_was_allowed(start):
    server = start()
    assert sent(f"smtp+plain://{HERE}:{server.port}") is None
    assert server.took()["tls"] is False


def test_no_password_goes_in_the_clear_even_there(start):
    server = start()
    assert sent(f"smtp+plain://ana:secret@{HERE}:{server.port}") is RefusalReason.UNTRUSTED


def test_a_server_that_lets_nobody_in_is_no_fault_of_the_mail(start, of_authority):
    trusted, shown = of_authority(HERE)
    server = start("--tls", "starttls", "--certificate", shown)
    assert sent(f"smtp://ana:secret@{HERE}:{server.port}", trusted) is RefusalReason.LOGIN


@pytest.mark.parametrize("url", ["http://x.example", "smtp:", "smtp+starttls://x.example"])
def test_a_url_that_names_no_mail_server_keeps_the_service_from_starting(url):
    with pytest.raises(ValueError, match=r"."):
        MailServer.at(url)


def test_a_url_names_port_user_and_password():
    server = MailServer.at("smtps://ana%40x:p%2Fw@mail.example")
    assert (server.host, server.port, server.tls) == ("mail.example", 465, Tls.FROM_THE_START)
    assert (server.user, server.password) == ("ana@x", "p/w")
    assert "p/w" not in repr(server)


@pytest.fixture
def plain(start):
    return start()


def answers(server, *emails, patience_s=PATIENCE_S):
    """The reasons of one postman for each mail, and then the conversations in which mails were taken."""
    with postman(f"smtp+plain://{HERE}:{server.port}", patience_s=patience_s) as one:
        refusals = [one.send(a_mail(email)) for email in emails]
    reasons = [refusal and refusal.reason for refusal in refusals]
    return reasons, [server.took() for reason in reasons if reason is None]


def test_a_domain_with_accents_is_written_to_in_ascii(plain):
    _, (mail,) = answers(plain, "ece@mairie-élan.example")
    assert mail["rcpt"] == "ece@xn--mairie-lan-h7a.example"
    assert mail["from"] == "portail@xn--mairie-lan-h7a.example"


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("zoé@essai.example", RefusalReason.ADDRESS),
        ("nobody", RefusalReason.ADDRESS),
        ("gone@x.example", RefusalReason.REFUSED),
        ("busy@x.example", RefusalReason.BUSY),
    ],
)
def test_a_mail_that_is_not_taken_leaves_the_conversation_to_the_next(plain, email, reason):
    reasons, mails = answers(plain, "a@x.example", email, "b@x.example")
    assert reasons == [None, reason, None]
    assert len({mail["conversation"] for mail in mails}) == 1


def test_who_is_refused_once_is_taken_by_the_same_postman(plain):
    assert answers(plain, "busy@x.example", "busy@x.example")[0] == [RefusalReason.BUSY, None]


def test_a_server_that_takes_few_mails_at_once_is_called_anew(start):
    reasons, mails = answers(start("--mails-max", "2"), *["a@x.example"] * 5)
    assert reasons == [None] * 5
    assert len({mail["conversation"] for mail in mails}) == 3


def test_a_server_that_takes_none_is_away(start):
    assert answers(start("--mails-max", "0"), "a@x.example")[0] == [RefusalReason.AWAY]


@pytest.mark.parametrize("name", ["cut", "slow"])
def test_a_mail_on_which_the_server_falls_silent_costs_the_next_ones_nothing(plain, name):
    emails = ("a@x.example", f"{name}@x.example", "b@x.example")
    reasons, _ = answers(plain, *emails, patience_s=HURRY_S)
    assert reasons == [None, RefusalReason.SILENT, None]


def test_a_server_that_says_nothing_at_all_is_away_once_the_time_is_over(start):
    server = start("--silent")
    url = f"smtp+plain://{HERE}:{server.port}"
    assert sent(url, patience_s=HURRY_S) is RefusalReason.AWAY


def test_a_server_that_is_not_there_is_away(plain):
    plain.end()
    assert sent(f"smtp+plain://{HERE}:{plain.port}") is RefusalReason.AWAY
