"""Decisions of reviewers: accept all or some of a proposal, or reject it with a reason."""

from __future__ import annotations

from flask import Blueprint, Response, g

from retouche.formats import check_body
from retouche.services.reviewing.parts import parts_of
from retouche.web.access import heeding, require_reviewer
from retouche.web.api.proposals import summary
from retouche.web.body import json_body
from retouche.web.caching import PRIVATE, json_response
from retouche.web.context import dataset, services

blueprint = Blueprint("api_decisions", __name__)


@blueprint.post("/datasets/<name>/proposals/<proposal>/accept")
def accept(name: str, proposal: str) -> Response:
    reviewer = require_reviewer(name)
    found = dataset(name)
    g.package = found.at().package
    body = json_body()
    check_body("acceptance", body)
    with heeding(name):
        accepted = services().review.accept(
            found,
            proposal,
            head=body["head"],
            parts=parts_of(body),
            message=body.get("message"),
            reviewer=reviewer,
        )
    return _private(json_response(summary(accepted)))


@blueprint.post("/datasets/<name>/proposals/<proposal>/reject")
def reject(name: str, proposal: str) -> Response:
    reviewer = require_reviewer(name)
    found = dataset(name)
    body = json_body()
    check_body("rejection", body)
    with heeding(name):
        rejected = services().review.reject(
            found,
            proposal,
            reason=body["reason"],
            message=body.get("message"),
            reviewer=reviewer,
        )
    return _private(json_response(summary(rejected)))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = PRIVATE
    return response
