"""Which addresses can be written to by any mail server, and how one is kept and travels."""

import smtplib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis.values import fields
from chassis.values.addresses import ADDRESS_MAX, LOCAL_MAX, NotAnAddress, as_kept, as_sent

TAKEN = [
    # written                                  kept                                 sent
    ("ana@mairie.example", "ana@mairie.example", "ana@mairie.example"),
    (" ana@example.org\u00a0", "ana@example.org", "ana@example.org"),
    ("Ana.Ben+cantine@EXAMPLE.org", "Ana.Ben+cantine@example.org", "Ana.Ben+cantine@example.org"),
    ("o'neill@example.org", "o'neill@example.org", "o'neill@example.org"),
    ("ece@mairie-élan.example", "ece@mairie-élan.example", "ece@xn--mairie-lan-h7a.example"),
    ("ece@mairie-e\u0301lan.example", "ece@mairie-élan.example", "ece@xn--mairie-lan-h7a.example"),
    ("ece@XN--mairie-lan-h7a.example", "ece@mairie-élan.example", "ece@xn--mairie-lan-h7a.example"),
    ("a@straße.example", "a@straße.example", "a@xn--strae-oqa.example"),
    ("l" * LOCAL_MAX + "@example.org", "l" * LOCAL_MAX + "@example.org", "l" * LOCAL_MAX + "@example.org"),
]

REFUSED = [
    ("", "has one @"),
    ("ana", "has one @"),
    ("@example.org", "has one @"),
    ("ana@ben@example.org", "has one @"),
    ("zoé@essai.example", "accent"),
    ("zo\u200be@essai.example", "accent"),
    ("ana ben@example.org", "space"),
    ("ana..ben@example.org", "stray dot"),
    (".ana@example.org", "stray dot"),
    ("ana.@example.org", "stray dot"),
    ('"ana"@example.org', "no address has"),
    ("Ana <ana@example.org>", "no address has"),
    ("ana@example.org\nBcc", "mail domain"),
    ("ana\r\n@example.org", "no address has"),
    ("ana@", "mail domain"),
    ("ana@localhost", "mail domain"),
    ("ana@example..org", "mail domain"),
    ("ana@example.org.", "mail domain"),
    ("ana@-example.org", "mail domain"),
    ("ana@exa_mple.org", "mail domain"),
    ("ana@exa mple.org", "mail domain"),
    ("ana@b.c", "mail domain"),
    ("ana@192.0.2.7", "mail domain"),
    ("ana@[192.0.2.7]", "mail domain"),
    ("ana@" + "d" * 64 + ".example", "mail domain"),
    ("l" * (LOCAL_MAX + 1) + "@example.org", "longer than"),
    ("l" * 60 + "@" + "d" * 60 + "." + "d" * 60 + "." + "d" * 60 + ".example.org", "longer than"),
]


@pytest.mark.parametrize(("written", "kept", "sent"), TAKEN)
def test_an_address_is_kept_as_people_write_it_and_sent_in_ascii(written, kept, sent):
    assert (as_kept(written), as_sent(written)) == (kept, sent)


@pytest.mark.parametrize(("written", "why"), REFUSED)
def test_what_no_mail_server_need_take_is_refused_with_the_reason(written, why):
    for read in (as_kept, as_sent):
        with pytest.raises(NotAnAddress, match=why):
            read(written)


@given(st.text(max_size=80) | st.emails() | st.builds("{}@{}".format, st.text(), st.text()))
@example("a@\u2024.example")
def test_whatever_is_kept_can_be_sent_and_is_kept_again_as_it_is(text):
    try:
        kept = as_kept(text)
    except NotAnAddress:
        return
    sent = as_sent(kept)
    assert as_kept(kept) == as_kept(sent) == kept
    assert sent.isascii()
    assert len(sent) <= ADDRESS_MAX
    assert smtplib.quoteaddr(sent) == f"<{sent}>"


def test_a_field_of_an_address_says_why_it_refuses():
    field = fields.address(longest=20)
    assert field.deserialize(" Ana@Example.org ") == "Ana@example.org"
    with pytest.raises(ValidationError, match="accent"):
        field.deserialize("zoé@example.org")
    with pytest.raises(ValidationError, match="20 characters"):
        field.deserialize("somebody.else@example.org")
    with pytest.raises(ValidationError):
        field.deserialize("an\u00ada@example.org")
    with pytest.raises(ValidationError):
        field.deserialize(7)
