"""Who a mail is from."""

import pytest

from notify.senders.model import NotifySettings
from notify.senders.rules import sender_of
from notify.vocabulary import Organisation, Sender

TOWN = Organisation("o", "Mairie de Carteville", "carteville", "Europe/Paris")
ESSAIVILLE = Organisation("o2", "Essaiville", "essaiville", "Europe/Paris")
SHARED = Sender("", "portail@commun.example")
OWN = NotifySettings(1, "Ville et Centre", "familles@carteville.example", "accueil@carteville.example")


@pytest.mark.parametrize(
    ("organisation", "decided", "sender"),
    [
        (TOWN, NotifySettings(), Sender("Mairie de Carteville", "portail@commun.example")),
        (ESSAIVILLE, NotifySettings(), Sender("Essaiville", "portail@commun.example")),
        (TOWN, OWN, Sender("Ville et Centre", "familles@carteville.example", "accueil@carteville.example")),
        (
            TOWN,
            NotifySettings(1, reply_to="accueil@carteville.example"),
            Sender("Mairie de Carteville", "portail@commun.example", "accueil@carteville.example"),
        ),
        (None, NotifySettings(), SHARED),
    ],
    ids=["a town", "another at the same address", "its own", "answers elsewhere", "never heard of"],
)
def test_a_mail_is_from_the_organisation_as_it_decided(organisation, decided, sender):
    assert sender_of(organisation, decided, SHARED) == sender
