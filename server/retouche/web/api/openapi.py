"""The OpenAPI document at its address."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, Response, request

from retouche.web.caching import FOLLOW, json_response
from retouche.web.openapi import document

blueprint = Blueprint("api_openapi", __name__)
_document = cache(document)


@blueprint.get("/openapi.json")
def show() -> Response:
    response = json_response(_document())
    response.add_etag()
    response.headers["Cache-Control"] = FOLLOW
    response.make_conditional(request)
    return response
