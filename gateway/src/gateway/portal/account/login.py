"""Log in and out, choose the language and the membership that is consulted."""

import re
from typing import Final

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gateway import metrics, organisations, policy, session
from gateway.clients.identity import Organisation
from gateway.errors import Refused, sentence, status_of
from gateway.errors.table import LANGUAGES
from gateway.pages import addresses, forms, frame
from gateway.pages.links import url_for

blueprint = Blueprint("login", __name__, template_folder="templates")

LOGIN_MAX: Final = 254
PASSWORD_MAX: Final = 128
LEFT_BEHIND: Final = '"cache", "storage"'
"""What a browser is to forget at a log-out, pages to go back to included; its device and language stay."""
SHOWN_IN_FORM: Final = {"invalid_credentials", "too_many_attempts", "overloaded"}


@blueprint.get("/")
@policy.anonymous
def start() -> AnyResponse:
    """Lead to the family account, or to the log-in page of the default organisation."""
    if session.current() is not None:
        return redirect(url_for("portal.home.show"), 303)
    return redirect(url_for("portal.login.show", slug=organisations.here()), 303)


@blueprint.get("/<slug>/")
@policy.anonymous
def show_without_slash(slug: str) -> AnyResponse:
    """Lead to the log-in page from the same address with a slash behind it, as people write it."""
    found = _organisation(slug)
    return redirect(url_for("portal.login.show", slug=found.slug), 308)


@blueprint.get("/<slug>")
@policy.anonymous
def show(slug: str) -> AnyResponse:
    """Show the log-in page of an organisation, with its announcements."""
    _organisation(slug)  # a name that is nobody's leads nowhere, logged in or not
    if session.token() and session.current() is not None:
        return redirect(url_for("portal.home.show"), 303)
    response = make_response(_page(slug))
    organisations.stay(response, slug)
    return response


@blueprint.post("/<slug>")
@policy.anonymous
def log_in(slug: str) -> AnyResponse:
    """Log in; refused ones see the form again, with what they typed except the password."""
    organisation = _organisation(slug)
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    if not login or not password or len(login) > LOGIN_MAX or len(password) > PASSWORD_MAX:
        missing = not login or not password
        metrics.refused("invalid" if missing else "invalid_credentials")
        return make_response(
            _page(slug, login, "missing" if missing else "invalid_credentials"), 422 if missing else 401
        )
    try:
        opened = session.log_in(login, password, session.device(), organisation.id)
    except Refused as refusal:
        if refusal.code not in SHOWN_IN_FORM:
            raise
        return _refused(slug, login, refusal)
    forms.renew()
    target = addresses.inside(request.form.get("next", "")) or url_for("portal.home.show")
    response = make_response(redirect(target, 303))
    session.set_cookie(response, opened.token)
    if opened.device_token:
        session.set_device_cookie(response, opened.device_token)
    frame.speak(response, opened.session.language)
    organisations.stay(response, opened.session.organisation.slug)
    return response


def _organisation(slug: str) -> Organisation:
    """Return the organisation of an address; what can't be one is not asked for."""
    if not re.fullmatch(organisations.SLUG_PATTERN, slug):
        raise Refused("not_found")
    return organisations.by_slug(slug)


def _refused(slug: str, login: str, refusal: Refused) -> AnyResponse:
    metrics.refused(refusal.code)
    page = _page(slug, login, refusal.code, refusal.retry_after_s)
    response = make_response(page, status_of(refusal.code))
    if refusal.retry_after_s is not None:
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response


def _page(slug: str, login: str = "", error: str = "", wait_s: int | None = None) -> str:
    asked = request.form.get("next") or request.args.get("next") or ""
    return render_template(
        "account/login.html",
        organisation=organisations.by_slug(slug),
        login=login,
        error=error,
        message=sentence(error, frame.language()) if error and error != "missing" else "",
        wait_s=wait_s,
        next=addresses.inside(asked),
        ended=bool(request.args.get("ended")),
    )


@blueprint.post("/logout")
@policy.anonymous
def log_out() -> AnyResponse:
    """Close the session and take the cookie back; twice is as good as once."""
    slug = organisations.here()
    opened = session.current()
    if opened is not None:
        slug = opened.organisation.slug
        session.log_out()
    forms.renew()
    response = make_response(redirect(url_for("portal.login.show", slug=slug), 303))
    session.clear_cookie(response)
    response.headers["Clear-Site-Data"] = LEFT_BEHIND
    organisations.stay(response, slug)
    return response


@blueprint.post("/language")
@policy.anonymous
def choose_language() -> AnyResponse:
    """Remember the language in this browser, and for the account of who is logged in: mails come in it."""
    response = redirect(addresses.inside(request.form.get("next", "")) or url_for("portal.login.start"), 303)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        if session.token() and session.current() is not None:
            session.choose_language(chosen)
        frame.speak(response, chosen)
    return response


@blueprint.post("/organisation")
@policy.person
def switch_organisation() -> AnyResponse:
    """Consult another membership of the account; pages of an earlier release name its organisation alone."""
    if membership_id := request.form.get("membership_id", ""):
        moved = session.switch_membership(membership_id)
    else:
        moved = session.switch_organisation(request.form.get("organisation_id", ""))
    response = redirect(url_for("portal.home.show"), 303)
    organisations.stay(response, moved.organisation.slug)
    return response
