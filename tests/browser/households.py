"""The families that the browser's tests log in as."""

from datetime import date

from deploy.demo import carteville, valmont
from deploy.demo.people import Family


def of_les_tilleuls(today: date) -> list[Family]:
    """French-speaking families whose children all go to Les Tilleuls.

    No child of another file is theirs too, which could stand before their own, and nobody among them has a
    second file in Valmont.
    """
    elsewhere = {guardian.email for guardian in valmont.TOWN.newcomers}
    files = carteville.TOWN.families(today)
    sharing = {
        reference for f in files for c in f.children if len(c.families) > 1 for reference in c.families
    }
    return [
        f
        for f in files
        if f.guardians[0].email not in elsewhere
        and f.reference not in sharing
        and f.language == "fr"
        and f.children
        and all(child.school == "tilleuls" for child in f.children)
    ]
