"""What a dataset asks of those who contribute: asked for when a form is opened."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from retouche.services.datasets import DatasetRevision
from retouche.services.guarding.guard import Terms, proof_mode
from retouche.web.caching import PASSING, json_response
from retouche.web.context import dataset, only_parameters, services
from retouche.web.guard import check_call

blueprint = Blueprint("api_terms", __name__)


@blueprint.get("/datasets/<name>/challenge")
def challenge(name: str) -> Response:
    """The terms, the signed time of this moment and, where one is needed, a calculation."""
    only_parameters()
    found = dataset(name)
    terms = services().guard.terms(found)
    if terms.required:
        check_call("challenge", name)
    guard = services().guard
    body = {
        **described(terms),
        "required": terms.required,
        "opened": guard.stamp(name),
        "mails": services().mailing.is_on,
        "challenge": guard.challenge(name) if terms.required else None,
    }
    response = json_response(body)
    response.headers["Cache-Control"] = PASSING
    return response


def asked_at(found: DatasetRevision) -> dict[str, Any]:
    """What the answer about a dataset says of contributing: what rests on its commit alone, so that
    the answer may be kept. A pause is told by `challenge`."""
    return {"proof": proof_mode(found.package)}


def described(terms: Terms) -> dict[str, Any]:
    pause = terms.pause
    return {
        "proof": terms.proof,
        "paused": None
        if pause is None
        else {
            "message": pause.message,
            "since": pause.since.isoformat(),
            "until": pause.until.isoformat() if pause.until else None,
        },
    }
