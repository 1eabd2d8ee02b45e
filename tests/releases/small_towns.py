"""Carteville and Valmont with few families and few activities, so that a dump of them stays small."""

from dataclasses import replace

from deploy.demo import carteville, valmont

SCHOOL = "jules-verne"
OFFERED = {
    "cantine-jules-verne",
    "soir-jules-verne",
    "mercredi-6-11",
    "atelier-1-place",
    "sport-libre",
    "cantine-moulin",
    "mercredi-grange",
    "ludotheque",
}
"""Of each way to be charged one at least, with and without an enrolment, with scarce seats and with many."""

CARTEVILLE = replace(
    carteville.TOWN,
    family_count=20,
    child_count=30,
    schools=(SCHOOL,),
    activities=tuple(each for each in carteville.TOWN.activities if each.reference in OFFERED),
)
VALMONT = replace(
    valmont.TOWN,
    family_count=5,
    child_count=8,
    activities=tuple(each for each in valmont.TOWN.activities if each.reference in OFFERED),
)
TOWNS = (CARTEVILLE, VALMONT)
