"""What every page has in common: language, protection of forms, the look of errors, compression."""

import gzip
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Blueprint, Flask, Response, current_app, g, redirect, render_template, request
from flask_babel import Babel
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from chassis.values import typography
from chassis.values.clock import Clock
from gateway import cookies, errors, organisations, session
from gateway.errors import Problem
from gateway.errors.table import LANGUAGES
from gateway.pages import (
    addresses,
    assets,
    brand,
    drawing,
    forms,
    installing,
    labels,
    links,
    offline,
    texts,
)
from gateway.pages.links import url_for

LANGUAGE_COOKIE: Final = "language"
LANGUAGE_COOKIE_AGE_S: Final = 365 * 24 * 3600
PACK_BYTES_MIN: Final = 1400  # below that it is one packet either way
PACK_LEVEL: Final = 2  # a quarter of the time of level 5, for a tenth more bytes
UNAUTHENTICATED: Final = 401
ZONE: Final = "Europe/Paris"

# Filters of the templates that need the reader's language and nothing else.
WRITTEN: Final[dict[str, Callable[[Any, str], str]]] = {
    "money": typography.money,
    "day": typography.day,
    "day_name": typography.day_name,
    "day_number": typography.day_number,
    "day_of_month": typography.day_of_month,
    "day_short": typography.day_short,
    "month": typography.month,
    "month_name": typography.month_name,
    "clock": typography.clock,
}

babel = Babel()


def install(app: Flask) -> None:
    """Give the application what pages need: translations, filters, protected forms, files, error pages."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    babel.init_app(
        app,
        default_locale="fr",
        default_translation_directories="pages/translations",
        locale_selector=language,
        timezone_selector=zone,
    )
    texts.install(app)
    forms.install(app, https=app.extensions["settings"].https)
    app.extensions["error_page"] = error_page
    app.context_processor(common)
    app.register_blueprint(assets.blueprint)
    app.register_blueprint(brand.blueprint)
    app.register_blueprint(installing.blueprint)
    app.register_blueprint(offline.blueprint)
    app.jinja_env.filters.update(
        {name: _in_language(write) for name, write in WRITTEN.items()},
        price=_price,
        leaf=lambda day: typography.day_short(day, language()).split(typography.SPACE),
        instant=_in_zone(typography.instant),
        instant_short=_in_zone(typography.instant_short),
        moment=_in_zone(typography.moment),
        time_of=_in_zone(typography.time_of),
        day_part=labels.day_part,
        dialled=brand.dialled,
        device=labels.device,
        membership=labels.membership,
        method=labels.method,
        reason=labels.reason,
        theme_colour=installing.theme_colour,
    )
    app.jinja_env.globals.update(
        url_for=links.url_for,
        asset=assets.address,
        colour_address=brand.colour_address,
        crest_address=brand.crest_address,
        manifest_address=installing.manifest_address,
        sprite=drawing.sprite,
        icon=drawing.icon,
        badge=lambda name, kind="verdict": drawing.badge(name, language(), kind),
        weekdays=lambda: typography.weekdays(language()),
    )


def surround(side: Blueprint) -> None:
    """Make every page of one side take forms of this site only, and leave compressed."""
    side.before_request(receive)
    side.after_request(pack)


def _price(cents: int) -> str:
    """Return what a day costs, in a word where it costs nothing."""
    return typography.money(cents, language()) if cents else texts.gettext("free of charge")


def _in_language(write: Callable[[Any, str], str]) -> Callable[[Any], str]:
    return lambda value: write(value, language())


def _in_zone(write: Callable[[str, str, str], str]) -> Callable[[str], str]:
    return lambda value: write(value, zone(), language())


def language() -> str:
    """Return the page's language: what this browser chose, else the person's own, else the browser's."""
    found: str | None = g.get("page_language")
    if found is None:
        chosen = cookies.read(LANGUAGE_COOKIE)
        found = g.page_language = chosen if chosen in LANGUAGES else errors.language()
    return found


def speak(response: AnyResponse, chosen: str) -> None:
    """Have this browser be answered in a language from now on, also while nobody is logged in."""
    cookies.keep(response, LANGUAGE_COOKIE, chosen, LANGUAGE_COOKIE_AGE_S)


def zone() -> str:
    """Return the time zone of the organisation that is consulted."""
    opened = session.known()
    return ZONE if opened is None else opened.organisation.time_zone


def receive() -> None:
    """Take forms of this site only, and answer in the reader's language: the start of every page."""
    forms.check()
    g.language = language()


def common() -> dict[str, Any]:
    """Return what the base template shows; the town is asked for once a minute, nothing else over the bus."""
    return {
        "town": brand.town(),
        "me": session.known(),
        "language": language(),
        "languages": [(code, Locale(code).get_display_name(code)) for code in LANGUAGES],
        "here": request.full_path.rstrip("?") if request.method == "GET" else "",
        "today": today,
    }


def pack(response: Response) -> Response:
    """Return a page compressed for who takes it; months of a calendar shrink to a tenth."""
    if (
        response.is_streamed
        or response.direct_passthrough
        or response.mimetype != "text/html"
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    body = response.get_data()
    if len(body) >= PACK_BYTES_MIN:
        response.set_data(gzip.compress(body, PACK_LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def error_page(problem: Problem) -> AnyResponse:
    """Show what went wrong in the portal's look; who is not logged in is led to the log-in page."""
    if problem.status == UNAUTHENTICATED:
        return _to_log_in(problem)
    headers = dict(problem.headers)
    g.asks_nobody = True
    if request.headers.get("HX-Request") == "true":
        headers |= {"HX-Retarget": "body", "HX-Reswap": "innerHTML"}
    body = render_template("pages/error.html", problem=problem, title=problem.title(language()))
    return Response(body, problem.status, headers)


def _to_log_in(problem: Problem) -> AnyResponse:
    back = request.full_path.rstrip("?") if request.method == "GET" else _page_above(request.path)
    if request.headers.get("HX-Request") == "true":
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = page.path + (f"?{page.query}" if page.query else "")
    ended = "1" if problem.code == "session_expired" or request.method == "POST" else None
    slug = organisations.here()
    target = url_for("portal.login.show", slug=slug, next=addresses.inside(back) or None, ended=ended)
    if request.headers.get("HX-Request") == "true":
        return Response("", 200, {"HX-Redirect": target})
    return redirect(target, 303)


def _page_above(path: str) -> str:
    """Return the page on which a form stood that was sent to `path`: the nearest address above it."""
    routes, parts = current_app.url_map.bind(""), path.strip("/").split("/")
    for count in range(len(parts), 0, -1):
        above = "/" + "/".join(parts[:count])
        try:
            endpoint, _ = routes.match(above, "GET")
        except HTTPException:
            continue
        if not endpoint.startswith("portal.login."):
            return above
    return ""


def today() -> date:
    """Return the day that it is in the organisation consulted."""
    return now().astimezone(ZoneInfo(zone())).date()


def now() -> datetime:
    """Return the instant that it is."""
    clock: Clock = current_app.extensions.get("clock") or Clock()
    return clock.now()


def is_partial() -> bool:
    """Return whether htmx asks, which puts a part of a page into one that is there."""
    return request.headers.get("HX-Request") == "true"
