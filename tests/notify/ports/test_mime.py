"""A mail as it travels: read back as it was written, whoever reads it, whatever people are called."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.values.addresses import NotAnAddress
from notify.ports.mime import Mail, in_bytes
from notify.vocabulary import Sender

TOWN = Sender("Mairie de Carteville", "portail@carteville.example")
WRITTEN = datetime(2026, 11, 9, 8, tzinfo=UTC)
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Marelle-Dedupe-Key",
    "MIME-Version",
    "Content-Type",
]
SIGNS = st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(
    ' \u00a0\u202f=?"\\,;:<>@()'
)
IN_ONE_WORD = 10
"""Of a longer name the library's own reader puts a space between two encoded words."""


def lines(most):
    """Texts without two spaces in a row, of which readers make one."""
    texts = st.text(SIGNS, min_size=1, max_size=most)
    return texts.filter(lambda text: text == text.strip() and not re.search(r"\s\s", text))


def a_mail(**fields):
    return Mail(
        **{
            "id": "m1",
            "sender": TOWN,
            "name": "Côme Orsel",
            "email": "come@carteville.example",
            "subject": "Ticket n°\xa02026-7",
            "text": "1\u202f234,56\xa0€\n",
            "html": "<p>1\u202f234,56\xa0€</p>\n",
            "written_at": WRITTEN,
            **fields,
        }
    )


def travelled(**fields):
    return in_bytes(a_mail(**fields), "carteville.example")


def read(raw):
    """As today's readers do."""
    return message_from_bytes(raw, policy=policy.default)


def naively(raw, header):
    """As readers do that decode first and look for addresses then."""
    value = BytesHeaderParser(policy=policy.compat32).parsebytes(raw)[header]
    return str(make_header(decode_header(value)))


@given(lines(IN_ONE_WORD), lines(120))
def test_every_reader_sees_the_names_and_subjects_that_were_written(name, subject):
    raw = travelled(name=name, subject=subject)
    assert raw.isascii()
    mail = read(raw)
    assert list(mail.keys()) == HEADERS
    assert mail["Subject"] == naively(raw, "Subject") == subject
    assert mail["To"].addresses[0].addr_spec == "come@carteville.example"
    assert mail["To"].addresses[0].display_name == name


@pytest.mark.parametrize(
    "name",
    [
        "=?utf-8?q?Mairie?=",
        "=?utf-8?b?TWFpcmll?= Orsel",
        "Zoé =?utf-8?q?Mairie?=",
        "=?x?= <maire@ville.example>",
    ],
)
def test_an_encoded_word_in_a_name_is_shown_as_it_was_typed(name):
    raw = travelled(name=name)
    assert b"=?utf-8?q?Mairie?=" not in raw
    assert b"=?utf-8?b?TWFpcmll?=" not in raw
    assert read(raw)["To"].addresses[0].display_name == name
    assert naively(raw, "To") == f"{name} <come@carteville.example>"


@pytest.mark.parametrize(
    "text",
    [
        "Côme\r\nBcc: all@ville.example",
        "Ana\nSubject: forged",
        "Ana\rX: y",
        "Ana\x00\x0b\x0c\x1c\x85Orsel",
        "Zoé\u2028Bcc: all@ville.example\u2029",
        "Ana\r\n\r\n<html>",
        "=?utf-8?q?=0D=0ABcc:_all@ville.example?=",
    ],
)
def test_what_would_end_a_line_adds_no_header(text):
    raw = travelled(name=text, subject=text, sender=Sender(text, TOWN.address, TOWN.address))
    mail = read(raw)
    assert sorted(mail.keys()) == sorted([*HEADERS, "Reply-To"])
    assert "\n" not in mail["Subject"] + mail["To"].addresses[0].display_name
    assert mail["To"].addresses[0].addr_spec == "come@carteville.example"
    assert len(mail["To"].addresses) == len(mail["From"].addresses) == 1


def test_the_spaces_of_amounts_arrive_in_subject_text_and_html():
    amount = "1\u202f234,56\xa0€"
    raw = travelled(subject=f"Mairie de Carteville\xa0: ticket de paiement de {amount}, à garder")
    mail = read(raw)
    assert amount in mail["Subject"]
    assert amount in naively(raw, "Subject")
    assert {part.get_content_charset() for part in mail.iter_parts()} == {"utf-8"}
    for part in mail.iter_parts():
        assert amount in part.get_content()
        assert amount in part.get_payload(decode=True).decode()


def test_a_domain_with_accents_travels_in_ascii():
    mail = read(travelled(email="ece@mairie-élan.example"))
    assert mail["To"].addresses[0].addr_spec == "ece@xn--mairie-lan-h7a.example"


def test_a_name_of_many_lines_is_put_together_again():
    name = "Ève-Gaëlle d\u2019Églantine-Élan de Saint-Évroult " * 2 + "Orsel"
    assert naively(travelled(name=name), "To") == f"{name} <come@carteville.example>"


@pytest.mark.parametrize("email", ["zoé@essai.example", "nobody", "a@b@c.example", "a b@c.example"])
def test_what_no_server_takes_is_no_address(email):
    with pytest.raises(NotAnAddress):
        travelled(email=email)


def test_answers_go_where_the_organisation_says():
    sender = Sender("Mairie d\u2019Élan", "portail@carteville.example", "accueil@mairie-élan.example")
    mail = read(travelled(sender=sender))
    assert mail["From"].addresses[0].display_name == "Mairie d\u2019Élan"
    assert mail["From"].addresses[0].addr_spec == "portail@carteville.example"
    assert mail["Reply-To"].addresses[0].addr_spec == "accueil@xn--mairie-lan-h7a.example"
    assert read(travelled())["Reply-To"] is None


def test_every_attempt_has_the_same_message_id_whoever_writes():
    assert read(travelled())["Message-ID"] == "<m1@carteville.example>"
    elsewhere = Sender("Port-Elme", "portail@port-elme.example")
    assert read(travelled(sender=elsewhere))["Message-ID"] == "<m1@carteville.example>"
