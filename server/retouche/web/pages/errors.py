"""The page that the `type` of every problem points at: what each code means."""

from __future__ import annotations

from flask import Blueprint, render_template

from retouche.core.messages import TITLES
from retouche.web.language import locale
from retouche.web.problems import STATUS

blueprint = Blueprint("errors", __name__)


@blueprint.get("/errors")
def index() -> str:
    rows = [(kind.code, status, TITLES[kind.code][locale()]) for kind, status in STATUS.items()]
    return render_template("errors.html", rows=rows)
