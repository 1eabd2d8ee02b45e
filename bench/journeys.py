"""What the clients do: single requests and the way from a basket to its answer."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from bench.load import Answer, Journey, request
from bench.town import INVOICED, ORGANISATION_ID
from chassis.values.ids import named_id

API = "/api/v1"
OK = 200
CREATED = 201

Movement = dict[str, str]


class UnexpectedAnswerError(Exception):
    """Preparing something did not work; the message is what the gateway said."""


@dataclass(frozen=True)
class Family:
    """A family that is logged in; `session` is what the log-in answered."""

    token: str
    session: dict[str, object]
    children: tuple[str, ...]


@dataclass(frozen=True)
class Reviewed:
    """A basket that waits for its confirmation."""

    family: Family
    draft_id: str
    quote_id: str


def prepare(family: Family, movements: Sequence[Movement], into: list[Reviewed]) -> Journey:
    """Fill a basket and review it."""
    into.append((yield from _reviewed(family, movements)))
    return "prepared"


def confirm(basket: Reviewed) -> Journey:
    """Confirm a basket that was reviewed; ends with the verdict, or with the problem."""
    answer = yield request(
        "POST",
        f"{API}/drafts/{basket.draft_id}/confirmation",
        basket.family.token,
        {"quote_id": basket.quote_id},
        keyed=True,
    )
    return _verdict(answer)


def chain(family: Family, movements: Sequence[Movement]) -> Journey:
    """Go the whole way: open the basket, fill it, review it, confirm it."""
    basket = yield from _reviewed(family, movements)
    return (yield from confirm(basket))


def month(family: Family, child: int, first: date, last: date, activity: str | None) -> Journey:
    """Look at a month of one child, in one activity or in all."""
    asked = {"child": family.children[child], "from": first.isoformat(), "to": last.isoformat()}
    if activity is not None:
        asked["activity"] = named_id(ORGANISATION_ID, "activity", activity)
    return (yield from get(family, f"{API}/calendar?{urlencode(asked)}"))


def availability(family: Family, child: int, day: date) -> Journey:
    """Look at everything that one child may do on one day."""
    return (yield from get(family, f"{API}/days/{day.isoformat()}?child={family.children[child]}"))


def planning_page(family: Family, child: int, day: date) -> Journey:
    """Open the page of a month with an activity chosen."""
    activity_id = named_id(ORGANISATION_ID, "activity", INVOICED)
    asked = {"child": family.children[child], "activity": activity_id, "month": f"{day:%Y-%m}"}
    return (yield from get(family, f"/planning?{urlencode(asked)}"))


def get(family: Family, path: str) -> Journey:
    """Read something; ends with the status, and the code of a problem."""
    answer = yield request("GET", path, family.token)
    return str(answer.status) if answer.status == OK else _told(answer)


def _reviewed(family: Family, movements: Sequence[Movement]) -> Generator[bytes, Answer, Reviewed]:
    draft = good((yield request("POST", f"{API}/drafts", family.token, {}))).json()["draft"]
    path = f"{API}/drafts/{draft['id']}"
    changes = {"add": list(movements), "remove": draft["movements"]}
    good((yield request("PATCH", path, family.token, changes)))
    review = good((yield request("GET", f"{path}/review", family.token))).json()["review"]
    return Reviewed(family, draft["id"], review["quote_id"])


def good(answer: Answer) -> Answer:
    """Return the answer if it is a good one; raises UnexpectedAnswerError."""
    if answer.status not in {OK, CREATED}:
        raise UnexpectedAnswerError(f"{answer.status}: {answer.body[:500]!r}")
    return answer


def _verdict(answer: Answer) -> str:
    if answer.status not in {OK, CREATED}:
        return _told(answer)
    lines = answer.json()["confirmation"]["lines"]
    return "+".join(sorted({line["verdict"] for line in lines}))


def _told(answer: Answer) -> str:
    """Name the status and the problem's code, where it is one: `503 overloaded`."""
    try:
        return f"{answer.status} {answer.json()['code']}"
    except (ValueError, KeyError):
        return f"{answer.status}"
