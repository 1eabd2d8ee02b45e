"""Carteville: 200 families, 350 children, 4 centres, 12 activities, prepaid, from a wallet or invoiced."""

from datetime import date
from pathlib import Path

from deploy.demo import town
from deploy.demo.activities import read
from deploy.demo.town import PASSWORD, Town

__all__ = ["PASSWORD", "SLUG", "TOWN", "logins", "write"]

SLUG = "carteville"
CREST = Path(__file__).with_name("carteville.svg").read_text(encoding="utf-8").strip()
TOWN = Town(
    slug=SLUG,
    name="Mairie de Carteville",
    place="Carteville",
    postcode="99150",
    welcome="Les inscriptions de l'année sont ouvertes. Pensez à vérifier vos coordonnées.",
    family_count=200,
    child_count=350,
    schools=("jules-verne", "tilleuls"),
    centres=(
        ("jules-verne", "École Jules-Verne"),
        ("tilleuls", "École des Tilleuls"),
        ("acacias", "Complexe sportif des Acacias"),
        ("cabanes", "Centre de loisirs Les Cabanes"),
    ),
    cash_office=("enfance", "Régie enfance et loisirs"),
    activities=read("carteville"),
    staff=(
        ("agent@carteville.example", "Agnès", "Desk", "desk|manager", "cabanes"),
        ("regie@carteville.example", "Rémi", "Caisse", "cashier", "cabanes"),
        ("animation@carteville.example", "Anouk", "Centre", "carer", "cabanes"),
        ("admin@carteville.example", "Ariane", "Mairie", "admin", "cabanes"),
    ),
    colour="#0b3c5d",
    crest=CREST,
    help_desk=(
        "Service enfance de Carteville",
        "12 place du Marché, 99150 Carteville",
        "05 00 00 01 50",
        "lundi à vendredi, 8 h 30 à 12 h et 13 h 30 à 17 h",
    ),
)


def write(directory: Path, today: date) -> None:
    """Write Carteville's import files."""
    town.write(TOWN, directory, today)


def logins(today: date) -> list[tuple[str, str]]:
    """Return (login, who it is) of Carteville's suggested people."""
    return TOWN.logins(today)
