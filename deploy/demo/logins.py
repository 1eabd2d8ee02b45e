"""Whom the demo suggests to log in as, and which way of the guides each of them can walk."""

from collections.abc import Collection, Iterator, Sequence

from deploy.demo.activities import Activity
from deploy.demo.people import Family

Suggestion = tuple[str, str]


def parents(
    activities: Sequence[Activity],
    families: Sequence[Family],
    owing: Family | None,
    enrolled: Collection[str],
) -> Iterator[Suggestion]:
    """Yield (login, who it is) of families: `owing` has wallets to settle, `enrolled` children may ask."""
    yield _first_of(families[0], "dans les deux structures")
    if owing is not None:
        yield _first_of(owing, "porte-monnaie à régler, connexion par e-mail")
        yield owing.guardians[1].login, "second responsable légal de la même famille"
    homes = [family for family in families if family.children]
    if any(activity.cells["decision_mode"] == "on_request" for activity in activities):
        asking = [f for f in homes if all(child.reference in enrolled for child in f.children)]
        yield _first_of(_largest(asking or homes), "garderie du soir sur demande")
    issued = {bool(f.guardians[0].email): f for f in reversed(homes) if _is_issued(f)}
    for written_to, words in ((True, "et une adresse e-mail"), (False, "sans adresse e-mail")):
        if written_to in issued:
            yield _first_of(issued[written_to], f"identifiant délivré par la structure, {words}")
    yield _first_of(_largest(families[:40]), "famille nombreuse")
    english = next((family for family in homes if family.language == "en"), None)
    if english is not None:
        yield english.guardians[0].login, f"parent of {len(english.children)}, speaks English"
    yield families[-1].guardians[0].login, "deux familles, et animation"


def _first_of(family: Family, words: str) -> Suggestion:
    count = len(family.children)
    return family.guardians[0].login, f"parent de {count} enfant{'s' * (count > 1)}, {words}"


def _largest(families: Sequence[Family]) -> Family:
    return max(families, key=lambda family: len(family.children))


def _is_issued(family: Family) -> bool:
    return "@" not in family.guardians[0].login
