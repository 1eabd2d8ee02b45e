"""Every route of the gateway, how to ask for it with what belongs to a family, and who may see what then.

A path is filled with the names of `Things`: ids of one family of Carteville.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

# open   for anybody; names nothing that belongs to a family
# own    shows what is the asker's own, and names nothing or passes over a name that is not the asker's
# named  names a thing, which does not exist for whom it is not: 404
# told   names a thing in a form; whom it does not belong to is led on as when it does not exist
Kind = Literal["open", "own", "named", "told"]
EVERYBODY = ("neighbour", "stranger", "staff", "switched")


@dataclass(frozen=True)
class Route:
    kind: Kind
    method: str
    rule: str
    path: str = ""
    json: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    askers: tuple[str, ...] = EVERYBODY

    def __str__(self) -> str:
        return " ".join([self.method, self.path or self.rule, *sorted((self.form or {}).keys() - {"key"})])

    @property
    def is_api(self) -> bool:
        return self.rule.startswith("/api/")


def _api(kind: Kind, method: str, rule: str, path: str = "", **options: Any) -> Route:
    return Route(kind, method, f"/api/v1{rule}", f"/api/v1{path or rule}", **options)


KEY = {"Idempotency-Key": "{nonce}"}
MOVEMENT = {
    "action": "book",
    "child_id": "{child}",
    "activity_id": "{activity}",
    "centre_id": "{centre}",
    "day": "{day}",
    "day_part": "{day_part}",
}
SERIES = "{child} {activity} {centre} {day_part}"
# an account's own sessions are its own wherever it is
OTHER_ACCOUNTS = ("neighbour", "stranger", "staff")

API = [
    _api("own", "GET", "/activities"),
    _api("own", "GET", "/bookings"),
    _api("own", "GET", "/bookings", "/bookings?child={child}"),
    _api(
        "named",
        "POST",
        "/bookings/<id:booking_id>/cancellation",
        "/bookings/{booking}/cancellation",
        json={},
        headers=KEY,
    ),
    _api("named", "GET", "/calendar", "/calendar?child={child}&from={day}&to={day}"),
    _api("named", "GET", "/calendar", "/calendar?child={child}&activity={activity}&from={day}&to={day}"),
    _api("own", "GET", "/centres"),
    _api("own", "GET", "/children"),
    _api("named", "GET", "/confirmations/<id:confirmation_id>", "/confirmations/{confirmation}"),
    _api("own", "GET", "/credit-notes"),
    _api(
        "named",
        "GET",
        "/credit-notes/<id:credit_note_id>/document.pdf",
        "/credit-notes/{credit_note}/document.pdf",
    ),
    _api("named", "GET", "/days/<day:day>", "/days/{day}?child={child}"),
    _api("open", "GET", "/docs"),
    _api("open", "GET", "/docs/static/<path:filename>"),
    _api("own", "POST", "/drafts", json={}),
    _api("named", "GET", "/drafts/<id:draft_id>", "/drafts/{draft}"),
    _api("named", "PATCH", "/drafts/<id:draft_id>", "/drafts/{draft}", json={"add": [MOVEMENT]}),
    _api("named", "DELETE", "/drafts/<id:draft_id>", "/drafts/{draft}"),
    _api("named", "POST", "/drafts/<id:draft_id>/clear", "/drafts/{draft}/clear", json={}),
    _api(
        "named",
        "POST",
        "/drafts/<id:draft_id>/confirmation",
        "/drafts/{draft}/confirmation",
        json={"quote_id": "{quote}"},
        headers=KEY,
    ),
    _api("named", "GET", "/drafts/<id:draft_id>/review", "/drafts/{draft}/review"),
    _api("named", "GET", "/drafts/<id:draft_id>/review.pdf", "/drafts/{draft}/review.pdf"),
    _api("own", "GET", "/enrolments"),
    _api("own", "GET", "/families/me"),
    _api("own", "GET", "/messages"),
    _api("named", "GET", "/messages/<id:message_id>", "/messages/{message}"),
    _api("own", "GET", "/messages/preferences"),
    _api("own", "PUT", "/messages/preferences", json={"telling": "at_once"}),
    _api("own", "PUT", "/sessions/current/language", json={"language": "fr"}, askers=OTHER_ACCOUNTS),
    _api("open", "GET", "/openapi.json"),
    _api("open", "GET", "/organisations/<slug:slug>"),
    _api("open", "POST", "/payment-callbacks"),
    _api(
        "named",
        "POST",
        "/payments",
        json={"settlement_id": "{confirmation}", "email": "a@b.example"},
        headers=KEY,
    ),
    _api("own", "GET", "/payments"),
    _api("named", "GET", "/payments/<id:payment_id>", "/payments/{payment}"),
    _api("named", "GET", "/payments/<id:payment_id>/receipt.pdf", "/payments/{receipt}/receipt.pdf"),
    _api("own", "GET", "/periods"),
    _api("own", "GET", "/requests"),
    _api("named", "GET", "/requests/<id:request_id>", "/requests/{request}"),
    _api("named", "GET", "/requests/<id:request_id>/request.pdf", "/requests/{request}/request.pdf"),
    _api("open", "POST", "/sessions"),
    _api("own", "GET", "/sessions", askers=OTHER_ACCOUNTS),
    _api("named", "DELETE", "/sessions/<id:session_id>", "/sessions/{session}", askers=OTHER_ACCOUNTS),
    _api("own", "GET", "/sessions/current", askers=OTHER_ACCOUNTS),
    _api("own", "DELETE", "/sessions/current", askers=()),
    _api(
        "named",
        "PUT",
        "/sessions/current/organisation",
        json={"organisation_id": "{valmont}"},
        askers=("neighbour", "staff"),
    ),
    _api(
        "named",
        "PUT",
        "/sessions/current/membership",
        json={"membership_id": "{membership}"},
        askers=OTHER_ACCOUNTS,
    ),
    _api("own", "GET", "/settlements/due"),
    _api("own", "GET", "/prices"),
    _api("own", "GET", "/wallets"),
]
PAGES = [
    Route("open", "GET", "/"),
    Route("open", "GET", "/<slug>"),
    Route("open", "POST", "/<slug>"),
    Route("open", "GET", "/<slug>/"),
    Route("open", "GET", "/accessibilite"),
    Route("open", "GET", "/plan-du-site"),
    Route("own", "GET", "/balance", "/balance"),
    Route(
        "named",
        "GET",
        "/balance/credit-notes/<credit_note_id>.pdf",
        "/balance/credit-notes/{credit_note}.pdf",
    ),
    Route("named", "GET", "/balance/receipts/<payment_id>.pdf", "/balance/receipts/{receipt}.pdf"),
    Route("own", "GET", "/bookings", "/bookings"),
    Route("own", "GET", "/bookings", "/bookings?child={child}"),
    Route("own", "GET", "/bookings/days.ics", "/bookings/days.ics"),
    Route(
        "told",
        "POST",
        "/bookings/cancel",
        "/bookings/cancel",
        form={"cancel": "cancel {child} {activity} {centre} {day} {day_part}"},
    ),
    Route("named", "GET", "/bookings/<booking_id>/cancel", "/bookings/{booking}/cancel?day={day}"),
    Route(
        "named", "GET", "/bookings/<booking_id>/cancel", "/bookings/{booking}/cancel?child={child}&day={day}"
    ),
    Route(
        "named",
        "POST",
        "/bookings/<booking_id>/cancel",
        "/bookings/{booking}/cancel",
        form={"key": "{nonce}"},
    ),
    Route("open", "GET", "/brand/<slug>.css"),
    Route("open", "GET", "/brand/<slug>.svg"),
    Route("open", "GET", "/brand/<slug>.plate.svg"),
    Route("open", "GET", "/brand/<slug>.<language>.webmanifest"),
    Route("open", "GET", "/offline"),
    Route("open", "GET", "/worker.js"),
    Route("own", "GET", "/today", "/today"),
    Route("own", "GET", "/today/kept", "/today/kept"),
    Route("named", "GET", "/confirmations/<confirmation_id>", "/confirmations/{confirmation}"),
    Route(
        "named", "GET", "/confirmations/<confirmation_id>/days.ics", "/confirmations/{confirmation}/days.ics"
    ),
    Route("open", "GET", "/healthz"),
    Route("own", "GET", "/requests", "/requests"),
    Route("named", "GET", "/requests/<request_id>", "/requests/{request}"),
    Route("named", "GET", "/requests/<request_id>/request.pdf", "/requests/{request}/request.pdf"),
    Route("named", "GET", "/review/<draft_id>.pdf", "/review/{draft}.pdf"),
    Route("own", "GET", "/home", "/home", askers=OTHER_ACCOUNTS),
    Route(
        "told",
        "POST",
        "/home/announcements/close",
        "/home/announcements/close",
        form={"announcement": "{nonce}"},
    ),
    Route("open", "POST", "/language"),
    Route("open", "POST", "/logout"),
    Route("own", "GET", "/messages", "/messages"),
    Route("named", "GET", "/messages/<message_id>", "/messages/{message}"),
    Route("own", "GET", "/preferences", "/preferences"),
    Route("told", "POST", "/preferences", "/preferences", form={"telling": "at_once"}),
    Route(
        "named",
        "POST",
        "/organisation",
        "/organisation",
        form={"organisation_id": "{valmont}"},
        askers=("neighbour", "staff"),
    ),
    Route("named", "GET", "/pay/<settlement_id>", "/pay/{confirmation}"),
    Route("named", "GET", "/pay/<settlement_id>", "/pay/nothing?booking={confirmation}"),
    Route(
        "named",
        "POST",
        "/pay/<settlement_id>",
        "/pay/{confirmation}",
        form={"key": "{nonce}", "cash_office": "", "email": "a@b.example"},
    ),
    Route("named", "GET", "/pay/office/<cash_office_id>", "/pay/office/{cash_office}"),
    Route(
        "told", "POST", "/pay/office/<cash_office_id>", "/pay/office/{cash_office}", form={"key": "{nonce}"}
    ),
    Route("named", "GET", "/payments/return", "/payments/return?payment={payment}"),
    Route("named", "GET", "/payments/return", "/payments/return?id={reference}"),
    Route("own", "GET", "/planning", "/planning"),
    Route("own", "GET", "/planning", "/planning?child={child}&activity={activity}"),
    Route("own", "GET", "/planning", "/planning?child={child}&month=2026-12"),
    Route("own", "GET", "/planning/costs", "/planning/costs"),
    Route("named", "GET", "/planning/day", "/planning/day?child={child}&for={child}&day={day}"),
    Route("named", "POST", "/planning/draft", "/planning/draft", form={"draft": "{draft}", "clear": "1"}),
    Route(
        "named",
        "POST",
        "/planning/draft",
        "/planning/draft",
        form={"draft": "{draft}", "series": SERIES, "toggle": "b0.{day}"},
    ),
    Route(
        "told",
        "POST",
        "/planning/draft",
        "/planning/draft",
        form={
            "draft": "{draft}",
            "child": "{child}",
            "activity": "{activity}",
            "bulk": "book",
            "weekday": "0",
            "from": "{day}",
            "until": "span",
            "end_span": "{day}",
        },
    ),
    Route(
        "own",
        "GET",
        "/planning/bulk",
        "/planning/bulk?child={child}&activity={activity}&weekday=0&from={day}&until=span&end_span={day}",
    ),
    Route("own", "GET", "/planning/week", "/planning/week?child={child}&activity={activity}"),
    Route("open", "GET", "/readyz"),
    Route("own", "GET", "/review", "/review"),
    Route("told", "POST", "/review/abandon", "/review/abandon", form={"draft": "{draft}"}),
    Route(
        "told",
        "POST",
        "/review/confirm",
        "/review/confirm",
        form={"draft": "{draft}", "quote": "{quote}", "key": "{nonce}"},
    ),
    Route("own", "GET", "/sessions", "/sessions", askers=OTHER_ACCOUNTS),
    Route(
        "named",
        "POST",
        "/sessions/<session_id>/close",
        "/sessions/{session}/close",
        form={},
        askers=OTHER_ACCOUNTS,
    ),
    Route("open", "GET", "/static/<name>"),
]
ROUTES = API + PAGES
