"""Communauté de Valmont: a small association of communes, two of whose families also belong to Carteville.

Its evening care is on request, as all of guide 2's is. The demo answers, as no agent's page does so yet.
"""

from datetime import UTC, datetime

from deploy.demo import carteville
from deploy.demo.activities import read
from deploy.demo.people import Guardian
from deploy.demo.town import Town

SLUG = "valmont"
REFUSED_ON = 5
"""The ISO weekday of which the demo refuses everything, so that every answer can be met."""


def _in_both() -> tuple[Guardian, ...]:
    """Carteville's first two guardians; who they are does not depend on the day."""
    families = carteville.TOWN.families(datetime.now(UTC).date())
    return tuple(family.guardians[0] for family in families[:2])


TOWN = Town(
    slug=SLUG,
    name="Communauté de Valmont",
    place="Valmont",
    postcode="99260",
    welcome=(
        "Le planning des mercredis est ouvert jusqu'aux prochaines vacances. La garderie du soir est sur "
        "demande. Dans cette démonstration, la réponse vient d'elle-même en quelques secondes : acceptée "
        "s'il reste une place, sinon en liste d'attente, sinon refusée. Tout ce qui est demandé pour un "
        "vendredi est refusé."
    ),
    family_count=30,
    child_count=45,
    schools=("moulin",),
    centres=(("moulin", "École du Moulin"), ("grange", "Accueil de loisirs La Grange")),
    cash_office=("jeunesse", "Régie jeunesse"),
    activities=read("valmont"),
    staff=(
        ("agent@carteville.example", "Agnès", "Desk", "reader", "grange"),
        ("pole@valmont.example", "Paule", "Jeunesse", "manager|desk", "grange"),
    ),
    newcomers=_in_both(),
    colour="#155840",
    help_desk=(
        "Pôle jeunesse de Valmont",
        "1 chemin de la Grange, 99260 Valmont",
        "05 00 00 02 60",
        "lundi, mardi, jeudi et vendredi, 9 h à 12 h",
    ),
)
