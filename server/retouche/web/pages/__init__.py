"""Pages rendered by the server: everything Retouche does for people, without any JavaScript."""

from __future__ import annotations

from flask import Blueprint, Flask

from retouche.web.pages import (
    accounts,
    assets,
    catalogue,
    datasets,
    decisions,
    embeds,
    errors,
    follow_up,
    moderation,
    project_comparison,
    projects,
    proposals,
    quality,
    remarks,
    resources,
    review,
    rows,
    sessions,
)
from retouche.web.pages.environment import furnish
from retouche.web.pages.headers import dress
from retouche.web.pages.problems import error_page

__all__ = ["error_page", "register"]


def register(app: Flask) -> None:
    """Add the pages, what their templates can use, and the stylesheet."""
    furnish(app)
    pages = Blueprint("pages", __name__)
    pages.after_request(dress)
    for part in (
        accounts,
        catalogue,
        datasets,
        decisions,
        embeds,
        errors,
        follow_up,
        moderation,
        project_comparison,
        projects,
        proposals,
        quality,
        remarks,
        resources,
        review,
        rows,
        sessions,
    ):
        pages.register_blueprint(part.blueprint)
    app.register_blueprint(pages)
    app.register_blueprint(assets.blueprint)
