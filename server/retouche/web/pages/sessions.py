"""Signing in by a reviewer's link, and out. Contributors never get a cookie."""

from __future__ import annotations

import hmac
import re
import secrets

from flask import Blueprint, g, redirect, render_template, request, session
from werkzeug.wrappers import Response

from retouche.core.errors import NotAllowed
from retouche.web.access import SESSION_TOKEN, require_reviewer
from retouche.web.context import services
from retouche.web.pages.links import page_url

INSIDE = re.compile(r"/(?!/|\\)[^\x00-\x1f\\]*")
CSRF = "csrf"
blueprint = Blueprint("sessions", __name__)


def csrf_token() -> str:
    """The secret that the forms of a signed-in reviewer carry, made when first asked for."""
    if CSRF not in session:
        session[CSRF] = secrets.token_urlsafe(24)
    return str(session[CSRF])


def sender() -> str:
    """The reviewer who sent this form. Raises `NotSignedIn`; `NotAllowed` for a foreign form."""
    name = require_reviewer()
    sent, kept = request.form.get(CSRF, ""), str(session.get(CSRF, ""))
    if not kept or not hmac.compare_digest(sent.encode(), kept.encode()):
        raise NotAllowed("cross_site")
    return name


@blueprint.get("/sign-in")
def sign_in() -> Response | str:
    g.private = True
    token = request.args.get("token")
    if token is None:
        return render_template("sign_in.html")
    services().reviewers.sign_in(token)
    session.clear()
    session[SESSION_TOKEN] = token
    wanted = request.args.get("next", "")
    target = wanted if INSIDE.fullmatch(wanted) else page_url("catalogue.index")
    return redirect(target, 303)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    sender()
    session.clear()
    return redirect(page_url("catalogue.index"), 303)
