"""Signing in by a reviewer's link, and out. Contributors never get a cookie."""

from __future__ import annotations

import hmac
import secrets

from flask import Blueprint, g, redirect, render_template, request, session
from werkzeug.wrappers import Response

from retouche.core.errors import NotAllowed, NotSignedIn
from retouche.ports import Reviewer
from retouche.web.access import refuse_cross_site, require_private, require_reviewer
from retouche.web.accounts.holders import leave
from retouche.web.context import services
from retouche.web.cookie import CSRF, LINK, signed_in
from retouche.web.guard import check_call
from retouche.web.pages.accounts import offers
from retouche.web.pages.links import inside, page_url

blueprint = Blueprint("sessions", __name__)


def csrf_token() -> str:
    """The secret that the forms of a signed-in person carry, made when first asked for."""
    if CSRF not in session:
        session[CSRF] = secrets.token_urlsafe(24)
    return str(session[CSRF])


def sender(name: str) -> Reviewer:
    """Who decides in a dataset by this form.

    Raises `NotSignedIn`; `NotAllowed` for a foreign form and for who may not.
    """
    by = require_reviewer(name)
    check_form()
    return by


def private_sender(name: str) -> str:
    """Who sees what is not public of a dataset, and sent this form. Raises as above."""
    by = require_private(name)
    check_form()
    return by


@blueprint.get("/sign-in")
def sign_in() -> Response | str:
    g.private = True
    token, wanted = request.args.get("token"), inside(request.args.get("next", ""))
    if token is None:
        return render_template("sign_in.html", offers=offers(wanted), wanted=wanted)
    check_call("sign_in")
    services().reviewers.sign_in(token)
    leave()
    session[LINK] = token
    return redirect(wanted or page_url("catalogue.index"), 303)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    if not signed_in():
        raise NotSignedIn
    refuse_cross_site()
    check_form()
    leave()
    return redirect(page_url("catalogue.index"), 303)


def check_form() -> None:
    """Raises `NotAllowed` unless the form was made by a page of this session."""
    sent, kept = request.form.get(CSRF, ""), str(session.get(CSRF, ""))
    if not kept or not hmac.compare_digest(sent.encode(), kept.encode()):
        raise NotAllowed("cross_site")
