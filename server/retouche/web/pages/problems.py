"""Refusals as pages: a heading, a sentence that says what to do, a way on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template

from retouche.core.errors import RetoucheError
from retouche.web.pages.headers import dress


def error_page(error: RetoucheError, body: Mapping[str, Any]) -> Response:
    """The page of a refusal; `body` is the problem document that a program would get."""
    page = render_template("problem.html", error=error, problem=body)
    return dress(make_response(page, int(body["status"])))
